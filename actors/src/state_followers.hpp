#pragma once

#include "commit_log.hpp"
#include "follower_index.hpp"
#include "state_table.hpp"

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/state_subscription.hpp>

#include <deque>
#include <unordered_map>
#include <variant>
#include <vector>

namespace troupe::actors {

/// One message for one follower or more.
struct state_delivery {
  std::vector<std::size_t> slots; ///< Of the subscriptions.
  std::variant<shared_update, protocol::state_resync,
               protocol::subscription_gap>
      message;
};

/// Who follows the state, and what each is to be sent. A follower is a place in
/// the commit log: there is no buffer for it, so a slow one costs nobody
/// anything. One that has all and has credit stands in an index by filter; one
/// that has credit and lacks much waits for its turns, a step in each.
/// Not thread-safe; `table` and `log` must outlive it.
class state_followers {
public:
  state_followers(const state_limits& limits, const state_table& table,
                  const commit_log& log, const update_sealer& seal)
      : limits_(limits), table_(table), log_(log), seal_(seal) {}

  /// Returns the slot: a number below the bound of subscriptions that no other
  /// living one has. It is sent nothing before its turn. Errors:
  /// `invalid_request`, `overloaded`.
  protocol::result<std::size_t> add(const protocol::subscribe_state& ask,
                                    protocol::id name, std::uint64_t owner);

  /// Sends what was committed since the credit ended; if that is much, the rest
  /// in turns.
  void grant(const protocol::grant_credit& more);

  /// How many have credit and wait for their turn.
  [[nodiscard]] std::size_t behind() const noexcept { return behind_.size(); }

  /// Works on the first of those, of which there must be one, until the
  /// allowance is spent.
  void step(work_allowance& allowance);

  /// The slots that are free now; none when it is not known.
  std::optional<std::size_t> remove(protocol::id name);
  std::vector<std::size_t> remove_owner(std::uint64_t owner);

  /// The last commit of the log is new.
  void on_commit();

  /// Table and log have jumped: whoever had all lacks something now.
  void fall_behind();

  /// What is to be sent, in order. Empties it.
  [[nodiscard]] std::vector<state_delivery> take_deliveries() {
    return std::exchange(outbox_, {});
  }

  /// True when the owner has none left.
  [[nodiscard]] bool is_gone(std::uint64_t owner) const {
    return by_owner_.count(owner) == 0;
  }
  void count(state_figures& figures) const;

private:
  [[nodiscard]] protocol::result<void>
  check(const protocol::subscribe_state& ask, std::uint64_t owner) const;
  void wait_for_turn(state_subscription& it);
  /// Sends what the log has until the credit is used, the follower is live, or
  /// the allowance is spent.
  void catch_up(state_subscription& to, work_allowance& allowance);
  void send(state_subscription& to, shared_update update);
  /// Notes that it is sent what was committed at this revision.
  void advance(state_subscription& to, std::uint64_t revision);
  void send_part(state_subscription& to, work_allowance& allowance);
  void send_gap(state_subscription& to);
  void fan_out(const shared_update& update);
  /// The part of a commit that a filter matches; null: nothing.
  [[nodiscard]] shared_update part_of(const shared_update& update,
                                      const state_filter& filter) const;
  [[nodiscard]] shared_update
  part_of(const shared_update& update,
          const std::vector<std::size_t>& which) const;

  state_limits limits_;
  const state_table& table_;
  const commit_log& log_;
  const update_sealer& seal_;
  std::unordered_map<protocol::id, state_subscription> subscriptions_;
  std::unordered_map<std::uint64_t, std::vector<protocol::id>> by_owner_;
  follower_index live_;
  std::deque<protocol::id> behind_; // bounded by limits_.subscriptions
  std::vector<std::size_t> free_slots_;
  std::vector<state_delivery> outbox_;
  std::vector<state_subscription*> matched_; ///< Kept to spare allocations.
  std::uint64_t gaps_ = 0;
};

} // namespace troupe::actors
