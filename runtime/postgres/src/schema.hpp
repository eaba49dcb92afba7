#pragma once

#include "connection.hpp"

namespace troupe::postgres {

/// Makes the tables of a store where there are none. Several may do so at once.
class schema_maker {
public:
  explicit schema_maker(connection& to) : to_(to) {}

  /// Errors: `config_invalid` (of a later troupe, no right to make them),
  /// `unreachable`.
  protocol::result<void> make();

private:
  /// 0: there is none.
  protocol::result<std::int64_t> version();
  protocol::result<void> make_tables();

  connection& to_;
  std::string state_; ///< SQLSTATE of the last failure.
};

} // namespace troupe::postgres
