#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/errc.hpp"

#include <boost/describe/class.hpp>
#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace troupe::protocol {

/// A typed failure: the code decides, the detail explains.
/// `detail` names places and figures; it never holds prompts, answers or keys.
struct error {
  errc code = errc::internal;
  std::string detail;
  /// No sooner than after this is the same worth trying again, as whoever
  /// failed has said; 0: nothing was said.
  std::chrono::nanoseconds retry_after{};
  /// It was tried again as often as is allowed: whoever gets this does not try
  /// again, so that layers above one another do not multiply attempts.
  bool retries_spent = false;
  /// With `budget_exhausted`: the most that would have been granted, in
  /// billionths of a dollar.
  std::optional<std::int64_t> affordable{};
  /// With `effect_unknown`: the key of the effect.
  std::string effect{};

  bool operator==(const error&) const = default;
};
BOOST_DESCRIBE_STRUCT(error, (),
                      (code, detail, retry_after, retries_spent, affordable,
                       effect))
template <>
inline constexpr bool omits_defaults<error> = true;

/// Lets `boost::system::result` throw when `.value()` is called on a failure.
[[noreturn]] void throw_exception_from_error(const error& failure,
                                             const boost::source_location&);

/// Either a `T` or an `error`. No function of troupe throws across its border.
template <class T>
using result = boost::system::result<T, error>;

/// Shorthand for returning a failure from a function of type `result<T>`.
[[nodiscard]] inline error fail(errc code, std::string detail) {
  return error{code, std::move(detail), {}, false, {}, {}};
}

} // namespace troupe::protocol
