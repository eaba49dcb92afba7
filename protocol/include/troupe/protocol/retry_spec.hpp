#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/errc.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/describe/enum.hpp>

#include <vector>

namespace troupe::protocol {

/// What follows when nobody knows whether an effect has happened.
enum class unknown_effect : std::uint8_t {
  fail, ///< The task fails.
  ask,  ///< Somebody says whether it has, and the task goes on.
};
BOOST_DESCRIBE_ENUM(unknown_effect, fail, ask)

/// When a failed attempt is made again, and after which pause: a random one up
/// to `pause`, which doubles with each attempt up to `pause_max`.
struct retry_spec {
  duration pause = std::chrono::milliseconds{200};
  duration pause_max = std::chrono::seconds{10};
  std::vector<errc> on{}; ///< Empty: those that may pass by themselves.
  unknown_effect unknown_effects = unknown_effect::fail;

  bool operator==(const retry_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(retry_spec, (), (pause, pause_max, on, unknown_effects))
template <>
inline constexpr bool omits_defaults<retry_spec> = true;

} // namespace troupe::protocol
