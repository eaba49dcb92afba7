#pragma once

#include "troupe/protocol/model.hpp"
#include "troupe/protocol/result.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Calls of models and what came of them, as they are recorded and replayed.
namespace troupe::protocol {

/// A piece of a streamed answer.
struct exchange_piece {
  duration after{}; ///< Since the call.
  std::string text;

  bool operator==(const exchange_piece&) const = default;
};
BOOST_DESCRIBE_STRUCT(exchange_piece, (), (after, text))

/// One call as a provider got it, and its end: a reply or a failure.
struct model_exchange {
  std::uint64_t number = 0; ///< In the order in which calls began; from 1.
  std::string provider;     ///< Its name.
  instant started;
  duration took{};
  model_call asked; ///< `model` is the provider's own name for it.
  std::vector<exchange_piece> pieces; ///< Of a stream, as they arrived.
  std::optional<model_reply> reply;
  std::optional<error> failure;

  bool operator==(const model_exchange&) const = default;
};
BOOST_DESCRIBE_STRUCT(model_exchange, (),
                      (number, provider, started, took, asked, pieces, reply,
                       failure))
template <>
inline constexpr bool omits_defaults<model_exchange> = true;

/// What a replay does with a call that was not recorded.
enum class replay_mode : std::uint8_t {
  strict,  ///< It fails, and the error tells what differs.
  lenient, ///< The nearest recorded call answers it, with a warning.
};
BOOST_DESCRIBE_ENUM(replay_mode, strict, lenient)

/// What has been recorded, or replayed, so far.
struct exchange_counts {
  replay_mode mode = replay_mode::strict;
  std::uint64_t recorded = 0;
  std::optional<error> failure{}; ///< Why recording has ended too early.
  std::uint64_t replayed = 0; ///< Calls answered by what was recorded for them.
  std::uint64_t nearest = 0;  ///< By what was recorded for another call.
  std::uint64_t drifted = 0;  ///< Calls that failed, since none was recorded.
  /// Numbers of the exchanges that no call has asked for. Those that had been
  /// cancelled are left out.
  std::vector<std::uint64_t> unused{};

  bool operator==(const exchange_counts&) const = default;
};

inline constexpr std::uint32_t exchange_version = 1;
inline constexpr std::size_t exchange_line_bytes_max = 16U << 20U;

/// The first line of a recording, without its end.
[[nodiscard]] std::string exchange_head();

/// Reads the first line of a recording. Errors: `malformed_message` when it is
/// none, or one of another version.
[[nodiscard]] result<void> check_exchange_head(std::string_view line);

/// An exchange as JSON on one line, without its end.
[[nodiscard]] std::string to_line(const model_exchange& exchange);

/// Reads a line. Errors: `malformed_message`, with the JSON pointer of the
/// place; `limit_exceeded` above `exchange_line_bytes_max`.
[[nodiscard]] result<model_exchange> exchange_of(std::string_view line);

} // namespace troupe::protocol
