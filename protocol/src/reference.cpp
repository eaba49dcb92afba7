#include "troupe/protocol/reference.hpp"

#include "troupe/protocol/json.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace troupe::protocol {

namespace {

constexpr std::size_t references_max = 1'000;
constexpr std::size_t reference_bytes_max = 1'000;
constexpr std::size_t steps_max = 32;
constexpr std::size_t json_bytes_max = 4U << 20U;
constexpr std::string_view inputs_word = "inputs";

error wrong(std::string_view inside, const std::string& what) {
  return fail(errc::mission_invalid,
              "the reference '${" + std::string{inside} + "}' " + what);
}

/// `.member` and `[3]`, as many as there are.
bool read_steps(std::string_view text, std::vector<reference::step>& steps) {
  while (!text.empty() && steps.size() < steps_max) {
    if (text.front() == '.') {
      text.remove_prefix(1);
      const auto end = std::min(text.find_first_of(".["), text.size());
      if (end == 0)
        return false;
      steps.emplace_back(std::string{text.substr(0, end)});
      text.remove_prefix(end);
      continue;
    }
    std::size_t place = 0;
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data() + 1, end, place);
    if (text.front() != '[' || read.ec != std::errc{} || read.ptr == end
        || *read.ptr != ']')
      return false;
    steps.emplace_back(place);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()) + 1);
  }
  return text.empty();
}

/// Where `.word` ends a name: behind it comes a step or nothing.
std::size_t find_word(std::string_view inside, std::string_view word) {
  for (std::size_t at = inside.find(word); at != std::string_view::npos;
       at = inside.find(word, at + 1)) {
    const auto end = at + word.size();
    if (at != 0
        && (end == inside.size() || inside[end] == '.' || inside[end] == '['))
      return at;
  }
  return std::string_view::npos;
}

result<reference> read_reference(std::string_view inside) {
  reference it;
  std::string_view rest;
  const auto dot = inside.find('.');
  const auto output = find_word(inside, ".output");
  const auto state = find_word(inside, ".state");
  if (inside.substr(0, dot) == inputs_word) {
    it.from = reference::source::input;
    rest = inside.substr(dot + 1);
    const auto end = std::min(rest.find_first_of(".["), rest.size());
    it.name = rest.substr(0, end);
    rest.remove_prefix(end);
  } else if (output != std::string_view::npos && output < state) {
    it.name = inside.substr(0, output);
    rest = inside.substr(output + std::string_view{".output"}.size());
  } else if (state != std::string_view::npos) {
    it.from = reference::source::state;
    it.name = inside.substr(0, state);
    rest = inside.substr(state + std::string_view{".state"}.size());
  } else {
    return wrong(inside, "is none: write ${TASK.output}, ${TASK.state} or "
                         "${inputs.NAME}, or $${ for a plain ${");
  }
  if (it.name.empty())
    return wrong(inside, "names nothing");
  if (!read_steps(rest, it.steps))
    return wrong(inside, "has '" + std::string{rest}
                             + "' where '.member' or '[place]' may stand, at "
                               "most 32 of them");
  if (it.from == reference::source::state && !it.steps.empty())
    return wrong(inside, "has more behind '.state'");
  return it;
}

std::string_view without_fence(std::string_view text) {
  const auto trim = [&] {
    const auto from = text.find_first_not_of(" \t\r\n");
    const auto to = text.find_last_not_of(" \t\r\n");
    text = from == std::string_view::npos ? std::string_view{}
                                          : text.substr(from, to - from + 1);
  };
  trim();
  constexpr std::string_view fence = "```";
  if (!text.starts_with(fence) || !text.ends_with(fence)
      || text.size() < 2 * fence.size())
    return text;
  const auto line = text.find('\n');
  if (line == std::string_view::npos)
    return text;
  text = text.substr(line + 1, text.size() - line - 1 - fence.size());
  trim();
  return text;
}

const boost::json::value* walk(const boost::json::value* at,
                               const std::vector<reference::step>& steps) {
  for (const auto& step : steps) {
    if (at == nullptr)
      return nullptr;
    if (const auto* name = std::get_if<std::string>(&step)) {
      const auto* members = at->if_object();
      at = members == nullptr ? nullptr : members->if_contains(*name);
    } else {
      const auto* all = at->if_array();
      const auto place = std::get<std::size_t>(step);
      at = all == nullptr || place >= all->size() ? nullptr : &(*all)[place];
    }
  }
  return at;
}

} // namespace

result<std::vector<reference>> references_in(std::string_view text) {
  std::vector<reference> found;
  for (auto at = text.find("${"); at != std::string_view::npos;
       at = text.find("${", at + 2)) {
    if (at > 0 && text[at - 1] == '$')
      continue;
    const auto end = text.find('}', at);
    const auto inside = end == std::string_view::npos
                            ? std::string_view{}
                            : text.substr(at + 2, end - at - 2);
    if (inside.find('.') == std::string_view::npos
        || inside.find_first_of(" \t\r\n") != std::string_view::npos)
      continue;
    if (inside.size() > reference_bytes_max || found.size() == references_max)
      return fail(errc::mission_invalid,
                  "more than 1,000 references, or one of more than 1,000 "
                  "bytes");
    auto it = read_reference(inside);
    if (!it)
      return it.error();
    it->at = at;
    it->size = inside.size() + 3;
    found.push_back(std::move(*it));
  }
  return found;
}

std::optional<boost::json::value> json_in_answer(std::string_view text) {
  const auto plain = without_fence(text);
  if (plain.empty() || plain.size() > json_bytes_max)
    return std::nullopt;
  auto read = parse_json(plain);
  if (!read)
    return std::nullopt;
  return std::move(*read);
}

std::optional<boost::json::value> value_behind(const reference& it,
                                               const text_source& texts) {
  auto text = texts(it);
  if (!text)
    return std::nullopt;
  if (it.steps.empty())
    return boost::json::value(*text);
  const auto whole = json_in_answer(*text);
  const auto* found = whole ? walk(&*whole, it.steps) : nullptr;
  if (found == nullptr)
    return std::nullopt;
  return *found;
}

std::string text_of_value(const boost::json::value& it) {
  if (const auto* text = it.if_string())
    return {text->data(), text->size()};
  return boost::json::serialize(it);
}

result<std::string> fill_references(std::string_view text,
                                    const text_source& texts,
                                    std::size_t bytes_max) {
  const auto found = references_in(text);
  if (!found)
    return found.error();
  std::string out;
  std::size_t from = 0;
  const auto copy = [&](std::size_t to) {
    auto plain = text.substr(from, to - from);
    for (auto at = plain.find("$${"); at != std::string_view::npos;
         at = plain.find("$${")) {
      out += plain.substr(0, at);
      out += "${";
      plain.remove_prefix(at + 3);
    }
    out += plain;
  };
  for (const auto& it : *found) {
    copy(it.at);
    from = it.at + it.size;
    const auto value = value_behind(it, texts);
    // Behind a task that was omitted stands nothing, and no part of it.
    if (!value && texts(it) == std::optional<std::string>{std::string{}})
      continue;
    if (!value)
      return fail(errc::invalid_request,
                  "nothing stands behind '"
                      + std::string{text.substr(it.at, it.size)} + "'");
    out += text_of_value(*value);
    if (out.size() > bytes_max)
      break;
  }
  copy(text.size());
  if (out.size() > bytes_max)
    return fail(errc::limit_exceeded,
                "with its references filled in, the text has more than "
                    + std::to_string(bytes_max) + " bytes");
  return out;
}

} // namespace troupe::protocol
