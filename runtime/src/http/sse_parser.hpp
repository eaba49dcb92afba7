#pragma once

#include <troupe/protocol/result.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace troupe::http {

/// One event of a text/event-stream. `data` lines are joined by '\n'.
struct sse_event {
  std::string name; ///< Empty when the stream named none.
  std::string data;
};

/// Reads server-sent events as the WHATWG rules say, from pieces cut anywhere.
/// An event without data is not told; one that the end of the stream cuts is
/// dropped. Fields other than `event` and `data` are ignored.
/// Thread safety: one thread at a time.
class sse_parser {
public:
  /// `event_bytes_max` bounds one line and the data of one event.
  explicit sse_parser(std::size_t event_bytes_max = 1U << 20U);

  /// Told each event; an error that it returns ends the parsing.
  using sink = std::function<protocol::result<void>(const sse_event&)>;

  /// Reads on. Errors: `provider_malformed` when a bound is passed, and the
  /// sink's; the parser must not be fed after one.
  [[nodiscard]] protocol::result<void> feed(std::string_view piece,
                                            const sink& tell);

private:
  [[nodiscard]] protocol::result<void> end_line(std::string_view rest,
                                                const sink& tell);
  [[nodiscard]] protocol::result<void> end_event(const sink& tell);
  [[nodiscard]] protocol::result<void> take_field(std::string_view line);
  [[nodiscard]] std::string_view without_bom(std::string_view line);

  std::size_t bytes_max_;
  std::string line_;
  sse_event event_;
  bool has_data_ = false;
  bool after_cr_ = false;
  bool at_start_ = true;
};

} // namespace troupe::http
