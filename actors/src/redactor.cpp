#include "redactor.hpp"

#include "secret_shapes.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <cstring>

namespace troupe::actors {

namespace js = boost::json;

namespace {

constexpr std::string_view replacement = "[redacted]";
constexpr unsigned filter_bits = 16;

std::uint64_t word_at(std::string_view text, std::size_t at) noexcept {
  std::uint64_t word = 0;
  std::memcpy(&word, text.data() + at, sizeof word);
  return word;
}

std::size_t filter_place(std::uint64_t word) noexcept {
  return (word * 0x9E3779B97F4A7C15ULL) >> (64 - filter_bits);
}

/// How a text stands between the quotes of a JSON text.
std::string in_json(std::string_view text) {
  auto quoted = js::serialize(js::string(text));
  return quoted.substr(1, quoted.size() - 2);
}

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// Spans that touch become one: a text full of secrets has few.
void add(std::vector<text_span>& spans, text_span it) {
  if (!spans.empty() && it.begin >= spans.back().begin
      && it.begin <= spans.back().end)
    spans.back().end = std::max(spans.back().end, it.end);
  else
    spans.push_back(it);
}

/// No half of a character may be left, nor of another's.
void widen(std::string_view text, text_span& it) noexcept {
  while (it.begin > 0 && is_continuation(text[it.begin]))
    --it.begin;
  while (it.end < text.size() && is_continuation(text[it.end]))
    ++it.end;
}

std::string replace(std::string_view text, std::vector<text_span> spans) {
  for (auto& it : spans)
    widen(text, it);
  std::sort(spans.begin(), spans.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
  std::string out;
  std::size_t done = 0;
  for (const auto& it : spans) {
    if (it.end <= done)
      continue;
    if (it.begin > done || done == 0) {
      out += text.substr(done, it.begin - done);
      out += replacement;
    }
    done = it.end;
  }
  out += text.substr(done);
  return out;
}

bool has_secret_name(const js::object& object) {
  for (const auto* field : {"name", "key"}) {
    const auto* name = object.if_contains(field);
    if (name != nullptr && name->is_string()
        && is_secret_name(name->get_string()))
      return true;
  }
  return false;
}

} // namespace

redactor::redactor(const std::vector<std::string>& secrets) {
  for (const auto& secret : secrets) {
    const auto once = in_json(secret);
    learn(secret);
    learn(once);
    learn(in_json(once));
  }
}

void redactor::learn(std::string_view secret) {
  if (secret.empty())
    return;
  if (secret.size() < window) {
    short_.emplace_back(secret);
    return;
  }
  filter_.resize(std::size_t{1} << filter_bits);
  for (std::size_t i = 0; i + window <= secret.size(); ++i) {
    const auto word = word_at(secret, i);
    pieces_.insert(word);
    filter_[filter_place(word)] = true;
  }
}

bool redactor::may_begin_piece(std::uint64_t word) const noexcept {
  return filter_[filter_place(word)];
}

std::string redactor::redacted(std::string_view text) const {
  auto spans = find_secret_shapes(text);
  if (!pieces_.empty())
    for (std::size_t i = 0; i + window <= text.size(); ++i) {
      const auto word = word_at(text, i);
      if (may_begin_piece(word) && pieces_.contains(word))
        add(spans, {i, i + window});
    }
  for (const auto& secret : short_)
    for (auto at = text.find(secret); at != std::string_view::npos;
         at = text.find(secret, at + 1))
      add(spans, {at, at + secret.size()});
  return spans.empty() ? std::string{text} : replace(text, std::move(spans));
}

void redactor::redact(js::value& json) const {
  redact(json, false);
}

void redactor::redact(js::value& json, bool is_secret) const {
  if (auto* text = json.if_string()) {
    if (is_secret)
      *text = replacement;
    else if (auto clean = redacted(*text); clean != *text)
      *text = clean;
  } else if (auto* list = json.if_array()) {
    for (auto& it : *list)
      redact(it, is_secret);
  } else if (auto* object = json.if_object()) {
    const bool is_named = has_secret_name(*object);
    for (auto& field : *object) {
      const std::string_view name = field.key();
      const bool is_value = is_named && name == "value";
      if (is_value && field.value().is_string()) // JSON text stays that
        field.value() = "\"" + std::string{replacement} + "\"";
      else
        redact(field.value(), is_secret || is_secret_name(name)
                                  || (is_named && name == "text"));
    }
  }
}

} // namespace troupe::actors
