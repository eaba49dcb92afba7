#pragma once

#include <troupe/protocol/state_subscription.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::actors {

/// What a message did to a `state_view`.
enum class view_step {
  applied, ///< The state is that of the message's revision.
  waiting, ///< A resync has begun that is not complete.
  broken,  ///< Something is missing or came twice: subscribe anew, from 0.
};

/// A follower's copy of the state under one filter, made from the messages of
/// its subscription. It is always the state of one revision, never a mix:
/// while a resync comes in, the state before it stays. Nothing that was missed
/// goes unseen: a version that does not follow the known one breaks the view.
/// It is as large as the state that it follows. Thread safety: one thread.
class state_view {
public:
  using map = std::map<std::string, protocol::state_entry, std::less<>>;

  [[nodiscard]] view_step apply(const protocol::state_commit& commit);
  [[nodiscard]] view_step apply(const protocol::state_resync& part);
  [[nodiscard]] view_step apply(const protocol::subscription_gap& gap);

  /// Null for a key that does not exist. Valid until the next `apply`.
  [[nodiscard]] const protocol::state_entry* find(std::string_view key) const;
  [[nodiscard]] const map& entries() const noexcept { return entries_; }

  /// The last commit that it shows; 0 before the first state is complete.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

  /// False while something is known to be missing: before the first state,
  /// between a gap and the end of its resync, and once broken.
  [[nodiscard]] bool is_current() const noexcept { return is_current_; }

private:
  [[nodiscard]] bool follows(const protocol::state_change& change) const;
  view_step break_down();

  map entries_;
  map incoming_; ///< Of a resync that is not complete.
  std::optional<std::uint32_t> next_part_;
  std::uint64_t incoming_revision_ = 0;
  std::uint64_t revision_ = 0;
  bool is_current_ = false;
};

} // namespace troupe::actors
