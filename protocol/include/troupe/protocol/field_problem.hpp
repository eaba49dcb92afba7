#pragma once

#include <string>

namespace troupe::protocol {

/// Something wrong in a struct that a program or a file filled in.
struct field_problem {
  std::string pointer; ///< JSON pointer (RFC 6901): `/tasks/3/needs/0`.
  std::string message; ///< Without the place: `unknown agent 'wirter'`.

  bool operator==(const field_problem&) const = default;
};

} // namespace troupe::protocol
