#pragma once

#include "troupe/actors/budget_manager.hpp"

namespace troupe::actors {

/// Reads the log of a ledger whose reservations are held by other processes,
/// which outlive the manager: those with a lease stay open, and end as unknown
/// when it passes. A reservation has the id of the message that asked for it,
/// so that it may be asked for again, also of the next manager: the answer is
/// the same for as long as it is open, and `invalid_request` from then on.
/// Errors and blocking: as `open_ledger`.
[[nodiscard]] protocol::result<std::shared_ptr<kept_ledger>>
open_shared_ledger(std::unique_ptr<ledger_log> log, protocol::instant now);

} // namespace troupe::actors
