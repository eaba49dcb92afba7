#include "mission_file/placeholders.hpp"

#include "mission_file/draft.hpp"

#include <algorithm>

namespace troupe::mission_file {

namespace {

struct placeholder {
  std::size_t begin = std::string_view::npos;
  std::size_t size = 0; ///< Braces included.
  std::string_view word;
};

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= 32
         && std::all_of(text.begin(), text.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || c == '_';
            });
}

/// The first placeholder at or after `from`.
placeholder next_placeholder(std::string_view prompt, std::size_t from) {
  constexpr std::size_t body_max = 40;
  for (auto at = prompt.find("{{", from); at != std::string_view::npos;
       at = prompt.find("{{", at + 1)) {
    auto body = prompt.substr(at + 2, body_max);
    const auto end = body.find("}}");
    if (end == std::string_view::npos)
      continue;
    body = body.substr(0, end);
    while (body.starts_with(' '))
      body.remove_prefix(1);
    while (body.ends_with(' '))
      body.remove_suffix(1);
    if (is_word(body))
      return {at, end + 4, body};
  }
  return {};
}

} // namespace

std::string fill_placeholders(
    std::string_view prompt,
    const std::function<std::string(std::string_view)>& value_of) {
  std::string filled;
  std::size_t from = 0;
  for (auto at = next_placeholder(prompt, from);
       at.begin != std::string_view::npos;
       at = next_placeholder(prompt, from)) {
    filled += prompt.substr(from, at.begin - from);
    filled += value_of(at.word);
    from = at.begin + at.size;
  }
  return filled += prompt.substr(from);
}

const std::vector<std::string>& placeholder_names() {
  static const std::vector<std::string> names{
      "part", "parts", "title", "inputs", "mission", "item", "round"};
  return names;
}

std::vector<std::string> placeholders_in(std::string_view prompt) {
  std::vector<std::string> words;
  static_cast<void>(fill_placeholders(prompt, [&](std::string_view word) {
    words.emplace_back(word);
    return std::string{};
  }));
  return words;
}

} // namespace troupe::mission_file
