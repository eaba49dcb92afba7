#pragma once

#include <troupe/protocol/report.hpp>

#include <vector>

namespace troupe::actors {

/// From the first attempt's start to the end; zero when it never ran.
[[nodiscard]] protocol::duration
running_time(const protocol::task_record& task) noexcept;

/// The chain of tasks that decided when the run ended, first to last: from the
/// task that ended last, back through what it waited for last. That is the need
/// that ended last, or, if the task stood ready for a while, the task whose end
/// gave it its place.
[[nodiscard]] std::vector<std::size_t>
deciding_chain(const std::vector<protocol::task_record>& tasks);

} // namespace troupe::actors
