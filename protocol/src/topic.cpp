#include "troupe/protocol/topic.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

constexpr std::size_t topic_bytes_max = 255;
constexpr std::size_t segments_max = 16;

bool is_segment_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

} // namespace

bool is_topic(std::string_view text) noexcept {
  if (text.size() > topic_bytes_max)
    return false;
  std::size_t segments = 1;
  char before = '.';
  for (const char c : text) {
    if (c == '.' ? before == '.' : !is_segment_character(c))
      return false;
    segments += c == '.' ? 1U : 0U;
    before = c;
  }
  return before != '.' && segments <= segments_max;
}

bool is_topic_filter(std::string_view text) noexcept {
  if (text == ".")
    return true;
  if (!text.empty() && text.back() == '.')
    text.remove_suffix(1);
  return is_topic(text);
}

bool topic_matches(std::string_view filter, std::string_view topic) noexcept {
  if (filter == ".")
    return true;
  if (!filter.empty() && filter.back() == '.')
    return topic.size() > filter.size() && topic.starts_with(filter);
  return filter == topic;
}

} // namespace troupe::protocol
