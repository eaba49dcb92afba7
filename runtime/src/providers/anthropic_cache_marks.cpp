#include "providers/anthropic_messages.hpp"

#include <boost/json/array.hpp>

#include <cstddef>
#include <string_view>

namespace troupe::providers {

namespace json = boost::json;

namespace {

/// A guess is enough: a mark too early has no effect, one too few costs a
/// little.
constexpr std::size_t bytes_per_token = 4;

/// The least that a model keeps, in tokens; of later models, which nobody here
/// knows, the least of all
/// (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
std::size_t least_tokens(std::string_view model) {
  const auto is = [model](std::string_view part) {
    return model.find(part) != std::string_view::npos;
  };
  if (is("opus-4-5") || is("opus-4-6") || is("haiku-4-5"))
    return 4'096;
  if (is("haiku") || is("sonnet-4-6"))
    return 2'048;
  return 1'024;
}

/// The bytes of all texts in `it`. Deep only as far as tools and their
/// arguments are, which were parsed within bounds.
std::size_t text_bytes(const json::value& it) {
  std::size_t sum = 0;
  if (const auto* text = it.if_string())
    return text->size();
  if (const auto* items = it.if_array())
    for (const auto& item : *items)
      sum += text_bytes(item);
  if (const auto* fields = it.if_object())
    for (const auto& [name, value] : *fields)
      sum += name.size() + text_bytes(value);
  return sum;
}

/// Marks what has been passed so far, if it is long enough.
class cache_marker {
public:
  explicit cache_marker(std::string_view model)
      : least_(least_tokens(model) * bytes_per_token) {}

  void pass(const json::value& it) { passed_ += text_bytes(it); }

  void mark(json::value& block) const {
    if (passed_ >= least_)
      block.as_object()["cache_control"] = json::object{{"type", "ephemeral"}};
  }

private:
  std::size_t least_;
  std::size_t passed_ = 0;
};

/// The last block that may have a mark; reasoning may not.
json::value* last_block(json::value& message) {
  auto& blocks = message.at("content").as_array();
  auto& last = blocks.back();
  const auto& type = last.at("type").as_string();
  return type == "thinking" || type == "redacted_thinking" ? nullptr : &last;
}

void mark_system(json::object& body, cache_marker& marker) {
  auto* system = body.if_contains("system");
  if (system == nullptr)
    return;
  marker.pass(*system);
  json::value block{{"type", "text"}, {"text", *system}};
  marker.mark(block);
  if (block.as_object().contains("cache_control"))
    *system = json::array{std::move(block)};
}

} // namespace

void mark_prompt_cache(json::object& body) {
  cache_marker marker{body.at("model").as_string()};
  auto* tools = body.if_contains("tools");
  if (tools != nullptr) {
    marker.pass(*tools);
    marker.mark(tools->as_array().back());
  }
  mark_system(body, marker);
  auto& messages = body.at("messages").as_array();
  const auto is_marked = [&](std::size_t i) {
    const auto behind = messages.size() - 1 - i;
    return tools != nullptr ? behind == 0 || behind == 2 : behind == 1;
  };
  for (std::size_t i = 0; i < messages.size(); ++i) {
    marker.pass(messages[i].at("content"));
    if (auto* block = last_block(messages[i]); block != nullptr && is_marked(i))
      marker.mark(*block);
  }
}

} // namespace troupe::providers
