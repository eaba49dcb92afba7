#pragma once

#include <troupe/protocol/report.hpp>

#include <string_view>
#include <unordered_set>
#include <vector>

namespace troupe::report {

/// The tasks of a critical path, by name.
using critical_tasks = std::unordered_set<std::string_view>;

/// Nanoseconds from one instant to another; 0 when it is not later. Whatever
/// the instants are, nothing overflows.
[[nodiscard]] std::uint64_t nanoseconds_between(protocol::instant from,
                                                protocol::instant to) noexcept;

/// At most `most` of some tasks, by position, rising: first those of the
/// critical path, then those that failed, then those that took longest.
[[nodiscard]] std::vector<std::size_t>
most_telling(const protocol::run_report& report, std::vector<std::size_t> some,
             const critical_tasks& critical, std::size_t most);

} // namespace troupe::report
