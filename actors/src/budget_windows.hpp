#pragma once

#include <troupe/protocol/budget.hpp>

namespace troupe::actors {

/// When the window that holds `now` began; the epoch for `life`.
[[nodiscard]] protocol::instant start_of(protocol::budget_window window,
                                         protocol::instant now) noexcept;

/// When it ends and the next begins; `instant::max()` for `life`.
[[nodiscard]] protocol::instant end_of(protocol::budget_window window,
                                       protocol::instant now) noexcept;

/// How long it is; a month 30 days, `life` for ever.
[[nodiscard]] protocol::duration
length_of(protocol::budget_window window) noexcept;

} // namespace troupe::actors
