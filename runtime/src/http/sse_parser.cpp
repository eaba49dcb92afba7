#include "http/sse_parser.hpp"

#include <algorithm>
#include <utility>

namespace troupe::http {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr bool ends_line(char c) noexcept {
  return c == '\n' || c == '\r';
}

} // namespace

sse_parser::sse_parser(std::size_t event_bytes_max)
    : bytes_max_(event_bytes_max) {}

result<void> sse_parser::feed(std::string_view piece, const sink& tell) {
  while (!piece.empty()) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const auto end = static_cast<std::size_t>(
        std::find_if(piece.begin(), piece.end(), ends_line) - piece.begin());
    const auto text = piece.substr(0, end);
    if (text.size() > bytes_max_ - line_.size())
      return fail(errc::provider_malformed, "event line above its limit");
    if (end == piece.size()) {
      line_ += text;
      break;
    }
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    if (auto ended = end_line(text, tell); !ended)
      return ended;
  }
  return {};
}

std::string_view sse_parser::without_bom(std::string_view line) {
  constexpr std::string_view bom = "\xEF\xBB\xBF";
  if (std::exchange(at_start_, false) && line.starts_with(bom))
    line.remove_prefix(bom.size());
  return line;
}

result<void> sse_parser::end_line(std::string_view rest, const sink& tell) {
  // Most lines come in one piece and are read where they are.
  const bool is_whole = line_.empty();
  if (!is_whole)
    line_ += rest;
  const auto text = without_bom(is_whole ? rest : line_);
  auto done = text.empty() ? end_event(tell) : take_field(text);
  line_.clear();
  return done;
}

result<void> sse_parser::end_event(const sink& tell) {
  auto told = std::exchange(has_data_, false) ? tell(event_) : result<void>{};
  event_.name.clear();
  event_.data.clear();
  return told;
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
