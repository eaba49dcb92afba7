#include "troupe/protocol/result.hpp"

#include <stdexcept>

namespace troupe::protocol {

namespace {

/// What `.value()` on a failure throws: a mistake of the calling program.
class value_of_failure : public std::runtime_error {
public:
  explicit value_of_failure(const error& failure)
      : std::runtime_error(std::string(to_string(failure.code)) + ": "
                           + failure.detail) {}
};

} // namespace

void throw_exception_from_error(const error& failure,
                                const boost::source_location&) {
  throw value_of_failure(failure);
}

} // namespace troupe::protocol
