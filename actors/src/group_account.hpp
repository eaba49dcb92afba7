#pragma once

#include <troupe/protocol/task_rules.hpp>

#include <span>
#include <string>
#include <string_view>

namespace troupe::actors {

/// The account `name` below `whole`; a '/' of the name parts no accounts.
[[nodiscard]] std::string account_below(const std::string& whole,
                                        std::string name);

/// The account of a group below that of its run. What `review/check` spends is
/// spent by `review` too, where that is a group.
[[nodiscard]] std::string
group_account(const std::string& run,
              std::span<const protocol::task_group> groups,
              std::string_view name);

} // namespace troupe::actors
