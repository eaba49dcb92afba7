#pragma once

#include "connection.hpp"
#include "group_rules.hpp"

namespace troupe::postgres {

/// What is asked before a group is decided, and how its answers are read. The
/// answers come in the order of the queries.
class group_reading {
public:
  explicit group_reading(const group_needs& what) : needs_(what) {}

  [[nodiscard]] std::vector<query> queries() const;
  /// `at`: the first answer. Error: `internal` for rows that cannot be read.
  [[nodiscard]] protocol::result<void> read(std::span<const rows> all,
                                            group_rules& to) const;

private:
  const group_needs& needs_;
};

/// What is to be written when a group was decided, in pieces that the server
/// takes. `now` is that of the commits' ids.
[[nodiscard]] std::vector<query> writes_of(const group_rules& it,
                                           protocol::instant now);

/// Nanoseconds since the epoch.
[[nodiscard]] inline std::int64_t ns_of(protocol::instant it) noexcept {
  return it.time_since_epoch().count();
}

} // namespace troupe::postgres
