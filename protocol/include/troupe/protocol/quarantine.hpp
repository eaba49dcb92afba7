#pragma once

#include "troupe/protocol/task.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::protocol {

/// A crash of whoever worked on a message.
struct message_crash {
  instant at{};
  std::string agent{};
  std::string why{}; ///< At most 256 bytes; untrusted.

  bool operator==(const message_crash&) const = default;
};
BOOST_DESCRIBE_STRUCT(message_crash, (), (at, agent, why))
template <>
inline constexpr bool omits_defaults<message_crash> = true;

/// What was asked of agents that crashed over it, without secrets. The same
/// prompt and inputs are the same message, whoever asks whom, and when.
struct quarantined_message {
  id digest{};          ///< Of prompt and inputs.
  std::string task{};   ///< That asked it last.
  std::string prompt{}; ///< Cut; untrusted, as are the inputs.
  std::vector<task_input> inputs{};
  std::uint32_t count = 0;              ///< Crashes in all.
  std::vector<message_crash> crashes{}; ///< The last of them.
  std::uint32_t refused = 0; ///< How often it was not delivered since.
  bool is_held = false;      ///< It is not delivered any more.

  bool operator==(const quarantined_message&) const = default;
};
BOOST_DESCRIBE_STRUCT(quarantined_message, (),
                      (digest, task, prompt, inputs, count, crashes, refused,
                       is_held))
template <>
inline constexpr bool omits_defaults<quarantined_message> = true;

} // namespace troupe::protocol
