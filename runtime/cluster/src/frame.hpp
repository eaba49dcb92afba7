#pragma once

#include <troupe/protocol/result.hpp>

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What two nodes say on one connection, piece by piece (docs/wire.md,
/// "Links").
namespace troupe::cluster {

enum class frame_kind : std::uint8_t {
  hello = 1,   ///< Who speaks; JSON. The first of each side.
  begin = 2,   ///< JSON: which session follows, and at which number.
  message = 3, ///< Of troupe, in binary form. Numbered.
  failure = 4, ///< JSON: the error that ends a request. Numbered.
  control = 5, ///< JSON: what nodes and clients ask of one another. Numbered.
  ack = 6,     ///< How far numbered ones have arrived.
  ping = 7,
  pong = 8,
  bye = 9,     ///< JSON: why the connection ends.
  ask = 10,    ///< JSON: something for the journal of a run's home. Numbered.
  answer = 11, ///< JSON: what that says. Numbered.
};
BOOST_DESCRIBE_ENUM(frame_kind, hello, begin, message, failure, control, ack,
                    ping, pong, bye, ask, answer)

/// Whether a frame has a number in its session, so that it is sent again after
/// a lost connection, and handled once.
[[nodiscard]] constexpr bool is_numbered(frame_kind it) noexcept {
  return it == frame_kind::message || it == frame_kind::failure
         || it == frame_kind::control || it == frame_kind::ask
         || it == frame_kind::answer;
}

/// One frame, as its bytes show it. On the wire: the size of what follows the
/// kind in four bytes, the kind, then, in numbered frames, number and acked in
/// eight bytes each, then the body. All integers have the lowest byte first.
struct frame {
  frame_kind kind = frame_kind::bye;
  std::uint64_t number = 0; ///< From 1; 0 in frames without one.
  std::uint64_t acked = 0;  ///< How far its sender has received.
  std::string_view body;
};

inline constexpr std::size_t frame_head_bytes = 5;
inline constexpr std::size_t frame_number_bytes = 16;

/// Appends a frame.
void write_frame(std::string& to, const frame& what);

/// Takes the first frame off `bytes`. Nothing: more has to come. A size that is
/// claimed is compared with `body_max` before anybody waits for it. Errors:
/// `limit_exceeded`, `malformed_message`.
[[nodiscard]] protocol::result<std::optional<frame>>
read_frame(std::string_view& bytes, std::size_t body_max);

/// Eight bytes, the lowest first.
void write_number(std::string& to, std::uint64_t value);
/// `bytes` has at least eight.
[[nodiscard]] std::uint64_t read_number(std::string_view bytes) noexcept;

} // namespace troupe::cluster
