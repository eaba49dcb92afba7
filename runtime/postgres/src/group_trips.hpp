#pragma once

#include "connection.hpp"
#include "group_rules.hpp"

#include <functional>

namespace troupe::postgres {

/// What is asked before a group is decided, no more than it needs, and how the
/// answers are read. They come in the order of the queries.
class group_reading {
public:
  explicit group_reading(const group_needs& what) : needs_(what) {}

  [[nodiscard]] std::vector<query> queries() const;
  /// Error: `internal` for rows that cannot be read.
  [[nodiscard]] protocol::result<void> read(std::span<const rows> all,
                                            group_rules& to) const;

private:
  struct part;
  [[nodiscard]] std::vector<part> parts() const;
  [[nodiscard]] part tasks_part() const;
  [[nodiscard]] part keyed_part() const;
  [[nodiscard]] part txns_part() const;

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
