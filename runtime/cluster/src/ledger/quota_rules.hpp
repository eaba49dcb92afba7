#pragma once

#include "ledger/quota_forms.hpp"

#include <troupe/protocol/id.hpp>

#include <deque>
#include <map>
#include <optional>
#include <set>

namespace troupe::cluster {

/// A node's slices of the accounts that all nodes share. A slice is a
/// reservation in the shared ledger with a lease; calls are paid from it
/// without asking anybody. It ends with one settlement of all that was spent.
///
/// What all nodes spend never passes a limit, whatever is lost, late or
/// doubled, and whatever their clocks say: a slice counts in full there until
/// this node says what became of it, also after its lease. Each input is
/// followed by `steps()`, which is to be done. `now` never goes back; `tick` is
/// due each quarter second while `is_busy`. Not thread-safe.
class quota_rules {
public:
  quota_rules(const quota_limits& limits, std::uint64_t seed)
      : limits_(limits), ids_(seed) {}

  /// A call is to be paid. `call` names it from now on.
  void take(std::uint64_t call, const shared_accounts& by,
            const call_need& need, protocol::instant now);
  /// It has ended, or will not be made. Unknown or repeated: no effect.
  void settle(std::uint64_t call, const protocol::settle_budget& how,
              protocol::instant now);

  /// The shared ledger has granted a slice. `until`: the end of the time of
  /// one of its accounts; epoch: none.
  void granted(protocol::id which, const slice_sums& what,
               protocol::instant until, protocol::instant now);
  /// It has refused one for sure.
  void refused(protocol::id which, const protocol::error& why,
               protocol::instant now);
  /// A slice was not asked for, or ended, as far as anybody knows.
  void failed(protocol::id which, const protocol::error& why,
              protocol::instant now);
  /// It has taken a slice's settlement. `left` of its account then.
  void ended(protocol::id which, std::optional<protocol::money> left);
  /// Whether what was looked at might be borne if others gave back.
  void looked(const slice_look& what, bool may_be_freed, protocol::instant now);

  void tick(protocol::instant now);
  /// The node ends: what is free is given back, nothing new is taken.
  void close(protocol::instant now);

  [[nodiscard]] quota_steps steps() { return std::exchange(steps_, {}); }
  /// Whether there is anything to be waited for.
  [[nodiscard]] bool is_busy() const noexcept {
    return !slices_.empty() || waiting_ != 0;
  }
  [[nodiscard]] std::size_t slices() const noexcept { return slices_.size(); }
  [[nodiscard]] std::size_t calls() const noexcept { return calls_.size(); }
  [[nodiscard]] std::uint64_t asked() const noexcept { return asked_; }

private:
  enum class phase : std::uint8_t { asked, open, ending };
  struct waiter {
    std::uint64_t call = 0;
    call_need need;
    protocol::instant until;
  };
  struct pool {
    std::deque<waiter> line;       // bounded by waiting_max of all
    std::set<protocol::id> slices; // bounded by slices_max of all
    std::size_t asks = 0;          ///< For calls, on their way.
    std::uint32_t calls = 0;       ///< That the next slice is for.
    slice_sums need;               ///< Of the last call.
    protocol::money left = protocol::money::max();
    protocol::instant used{}; ///< By the last call.
    protocol::instant last_ask{};
    protocol::instant ask_after{}; ///< It was refused.
    protocol::instant ahead_after{};
    protocol::instant refused{}; ///< Since when; epoch: it is not.
    bool is_looking = false;
    std::optional<protocol::error> why; ///< What was refused last.
  };
  using pools = std::map<shared_accounts, pool>;
  struct slice {
    pools::iterator at;
    phase now = phase::asked;
    slice_sums asked;
    slice_sums least;
    slice_sums most; ///< Granted.
    slice_sums held;
    slice_sums spent;
    protocol::duration lease{};
    std::set<std::uint64_t> calls; // bounded by what was granted
    protocol::settlement outcome = protocol::settlement::released;
    std::uint32_t tries = 0;
    protocol::instant until{};      ///< Of the lease, by this node's clock.
    protocol::instant time_until{}; ///< Of an account.
    protocol::instant again{};      ///< When it is to be asked or ended again.
    protocol::instant used{};       ///< At last.
    protocol::instant move_after{};
    bool is_closed = false; ///< To new calls.
    bool was_called = false;
    std::vector<protocol::id> moves; ///< Asked for: whose calls it takes over.
    bool is_moving = false;
  };
  struct paid_call {
    protocol::id by;
    slice_sums what;
    protocol::instant until;
  };
  using slices_map = std::map<protocol::id, slice>;

  // quota_rules.cpp: calls
  [[nodiscard]] slice_sums free_of(const slice& it) const noexcept;
  [[nodiscard]] bool pays(const slice& it, protocol::instant now) const;
  bool pay(pool& by, const waiter& it, bool also_less, protocol::instant now);
  void serve(pool& it, bool also_less, protocol::instant now);
  void refuse(pool& it, const slice_sums& least, const protocol::error& why);
  void end_call(std::uint64_t call, const slice_sums& spent,
                protocol::settlement how, protocol::instant now);
  // quota_slices.cpp: slices
  void want(pools::iterator at, protocol::instant now);
  void ask(pools::iterator at, const call_need& what,
           std::vector<protocol::id> moves, protocol::instant now);
  void say(const protocol::id& which, slice& it);
  void move_calls(slices_map::iterator to, protocol::instant now);
  void move_late(pools::iterator at, protocol::instant now);
  void end_if_over(slices_map::iterator it, protocol::instant now);
  void end(slices_map::iterator it);
  void give_back_idle(protocol::instant now);
  void look_at(slices_map::iterator it, protocol::instant now);
  void end_waits(pool& it, protocol::instant now);

  quota_limits limits_;
  protocol::id_source ids_;
  pools pools_;       // bounded by pools_max
  slices_map slices_; // the oldest first; bounded by slices_max
  std::map<std::uint64_t, paid_call> calls_; // bounded by what slices hold
  std::set<std::pair<protocol::instant, std::uint64_t>> leases_; // of calls_
  std::size_t waiting_ = 0;
  std::uint64_t asked_ = 0; ///< Slices, ever.
  bool is_closing_ = false;
  quota_steps steps_;
};

} // namespace troupe::cluster
