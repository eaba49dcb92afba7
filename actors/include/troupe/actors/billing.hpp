#pragma once

#include <troupe/protocol/errc.hpp>

namespace troupe::actors {

/// Whether a model call that ended with `code` can have cost money. Where it
/// can, its reservation must not be released: `settlement::unknown`.
/// Codes that say nothing about a call are taken for the worse.
/// Blocking: never. Thread safety: any thread.
[[nodiscard]] bool may_have_been_billed(protocol::errc code) noexcept;

} // namespace troupe::actors
