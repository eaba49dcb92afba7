#include "http/sse_parser.hpp"

#include <utility>

namespace troupe::http {

using protocol::errc;
using protocol::fail;
using protocol::result;

sse_parser::sse_parser(std::size_t event_bytes_max)
    : bytes_max_(event_bytes_max) {}

result<void> sse_parser::feed(std::string_view piece, const sink& tell) {
  while (!piece.empty()) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const auto end = piece.find_first_of("\r\n");
    if (auto taken = take_text(piece.substr(0, end)); !taken)
      return taken;
    if (end == std::string_view::npos)
      break;
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    if (auto ended = end_line(tell); !ended)
      return ended;
  }
  return {};
}

result<void> sse_parser::take_text(std::string_view text) {
  if (text.size() > bytes_max_ - line_.size())
    return fail(errc::provider_malformed, "event line above its limit");
  line_ += text;
  return {};
}

std::string_view sse_parser::without_bom(std::string_view line) {
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  if (std::exchange(at_start_, false) && line.starts_with(bom))
    line.remove_prefix(bom.size());
  return line;
}

result<void> sse_parser::end_line(const sink& tell) {
  const std::string line = std::exchange(line_, {});
  const auto text = without_bom(line);
  if (!text.empty())
    return take_field(text);
  auto event = std::exchange(event_, {});
  if (!std::exchange(has_data_, false))
    return {};
  return tell(event);
}

result<void> sse_parser::take_field(std::string_view line) {
  const auto colon = line.find(':');
  const auto name = line.substr(0, colon);
  std::string_view value;
  if (colon != std::string_view::npos)
    value = line.substr(colon + 1);
  if (value.starts_with(' '))
    value.remove_prefix(1);
  if (name == "event") {
    event_.name = value;
  } else if (name == "data") {
    if (value.size() + 1 > bytes_max_ - event_.data.size())
      return fail(errc::provider_malformed, "event above its limit");
    if (std::exchange(has_data_, true))
      event_.data += '\n';
    event_.data += value;
  }
  return {};
}

} // namespace troupe::http
