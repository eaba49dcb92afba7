#pragma once

#include "troupe/actors/durable_store.hpp"

/// What all durable stores decide alike, so that a program sees one.
namespace troupe::actors {

/// What the stores that we ship allow; each makes its own promise.
inline constexpr store_capabilities usual_store{survives::nothing, 1'024,
                                                4U << 20U, 1'024};

/// Whether a key or another name has a length that is allowed.
[[nodiscard]] bool is_name(const std::string& it,
                           const store_capabilities& allowed) noexcept;

/// The first limit that a txn is beyond. Error: `limit_exceeded`.
[[nodiscard]] protocol::result<void>
check_limits(const store_txn& it, const store_capabilities& allowed);

/// What a txn asks for, without its id: the same id with another print is not
/// the same txn.
[[nodiscard]] protocol::id print_of(const store_txn& it);

/// Never beyond what an instant can say.
[[nodiscard]] protocol::instant later(protocol::instant now,
                                      protocol::duration by) noexcept;

/// Errors: `budget_exhausted` below 0, `limit_exceeded` above 63 bits.
[[nodiscard]] protocol::result<std::int64_t> balance_after(std::int64_t balance,
                                                           std::int64_t credit);

/// The first key that a listing could hold.
[[nodiscard]] std::string list_begin(const std::string& prefix,
                                     const std::string& after);

// Why something was refused, in the same words by every store.
[[nodiscard]] protocol::error other_revision(std::uint64_t found);
[[nodiscard]] protocol::error other_last(std::uint64_t found);
[[nodiscard]] protocol::error too_little(std::int64_t held);
[[nodiscard]] protocol::error lost_lease();
[[nodiscard]] protocol::error lost_task();
[[nodiscard]] protocol::error too_long_stream();
[[nodiscard]] protocol::error other_txn();
[[nodiscard]] protocol::error no_name();
[[nodiscard]] protocol::error forgotten_changes(std::uint64_t up_to);

/// `by`: the requirement that does not hold; null: an op.
[[nodiscard]] commit_result refused(protocol::error why,
                                    std::optional<std::size_t> by = {});

} // namespace troupe::actors
