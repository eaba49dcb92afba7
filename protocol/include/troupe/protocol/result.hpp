#pragma once

#include "troupe/protocol/errc.hpp"

#include <boost/describe/class.hpp>
#include <boost/system/result.hpp>

#include <string>
#include <utility>

namespace troupe::protocol {

/// A typed failure: the code decides, the detail explains.
/// `detail` names places and figures; it never holds prompts, answers or keys.
struct error {
  errc code = errc::internal;
  std::string detail;

  bool operator==(const error&) const = default;
};
BOOST_DESCRIBE_STRUCT(error, (), (code, detail))

/// Lets `boost::system::result` throw when `.value()` is called on a failure.
[[noreturn]] void throw_exception_from_error(const error& failure,
                                             const boost::source_location&);

/// Either a `T` or an `error`. No function of troupe throws across its border.
template <class T>
using result = boost::system::result<T, error>;

/// Shorthand for returning a failure from a function of type `result<T>`.
[[nodiscard]] inline error fail(errc code, std::string detail) {
  return error{code, std::move(detail)};
}

} // namespace troupe::protocol
