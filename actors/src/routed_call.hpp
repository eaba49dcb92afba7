#pragma once

#include "breaker.hpp"
#include "deadline_table.hpp"
#include "fair_line.hpp"
#include "shortage_rules.hpp"
#include "troupe/actors/router.hpp"
#include "troupe/actors/router_rules.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace troupe::actors {

/// A model that a call may be sent to.
struct candidate {
  std::size_t model = 0;
  std::uint32_t failures = 0; ///< Of this call there.
  protocol::instant ready{};  ///< Not before this.
};

inline constexpr std::size_t no_line = SIZE_MAX;

/// One call on its way through the router.
struct routed_call {
  protocol::request<protocol::model_call> asked;
  caf::typed_response_promise<protocol::response<protocol::model_reply>>
      promise;
  delta_sink_actor sink;
  protocol::instant deadline;
  std::vector<candidate> candidates; ///< Best first, then those that failed.
  candidate tried;                   ///< Now.
  std::uint32_t attempts = 0;        ///< Made so far.
  breaker::ticket ticket;            ///< Of the model's breaker.
  deadline_table::key alarm{};       ///< While it waits for a model.
  protocol::id attempt; ///< The request to the provider, while one is open.
  protocol::id reservation;
  model_need need;
  call_size size;               ///< Of the attempt at hand.
  std::uint32_t cap_wanted = 0; ///< The cap, were money no matter.
  protocol::id kind;            ///< Of calls with answers of a like length.
  bool may_shrink = false;      ///< For want of money.
  std::size_t steps_taken = 0;  ///< Of `on_shortage`.
  std::vector<protocol::shortage_step> degraded;
  /// An answer that was cut by a cap of ours; the attempt at hand goes on.
  std::optional<protocol::model_reply> so_far;
  std::uint64_t arrival = 0;       ///< Counted by the router.
  std::uint64_t epoch = 0;         ///< Of the limit of calls at one time.
  protocol::instant begun{};       ///< The attempt that is made now.
  std::size_t line = no_line;      ///< In which it waits for a place.
  std::size_t last_line = no_line; ///< In which it has its round.
  std::uint64_t round = 0;
  bool is_cancelled = false;
  bool has_told = false; ///< A piece of an answer has gone to the asker.
  std::vector<std::size_t> failed_at; ///< Models.
  bool is_in_chain = false;     ///< Its candidates are of a fallback chain.
  bool is_for_refusals = false; ///< Of one for models that decline.
  /// That a model declined: what is answered when no other model answers. Its
  /// use and cost are of all that declined.
  std::optional<protocol::model_reply> refusal;
  protocol::error failure;
  // Of a call that may have a second one beside it (router_hedging.cpp):
  deadline_table::key patience{}; ///< While it is waited for.
  std::uint32_t hedges = 0;       ///< Second calls made.
  bool is_second = false;         ///< The asker is the first's.
  bool is_lost = false; ///< Another was faster or goes on; it is settled only.
  std::weak_ptr<routed_call> rival; ///< Beside it; of a lost one: the winner.
  protocol::usage lost_used;        ///< What lost ones were billed for.
  protocol::money lost_cost;
};

using call_ptr = std::shared_ptr<routed_call>;

/// Whether its answer comes in pieces that somebody takes.
[[nodiscard]] inline bool is_streamed(const routed_call& call) noexcept {
  return call.asked.body.stream && call.sink;
}

[[nodiscard]] inline call_cost cost_of(const routed_call& call) noexcept {
  return {call.need.prompt_tokens, call.need.output_tokens};
}

/// Valid as long as the call.
[[nodiscard]] inline line_entry entry_of(const routed_call& call) noexcept {
  const std::string_view account = call.asked.body.account;
  const auto end = std::min(account.find('/'), account.size());
  const auto below = account.substr(std::min(end + 1, account.size()));
  return {
      account.substr(0, end), call.asked.head.urgency,          call.arrival,
      cost_of(call),          below.substr(0, below.find('/')), call.deadline};
}

/// Why a call ends that could be tried again no sooner than `first`
/// (`instant::max()`: nobody knows): its last failure, else `untried`.
[[nodiscard]] protocol::error why_given_up(const routed_call& call,
                                           const protocol::error& untried,
                                           protocol::instant first,
                                           protocol::instant now);

/// An answer that goes on where `first` was cut; text that follows text is one
/// part. Null: it is the first.
[[nodiscard]] protocol::model_reply
joined(std::optional<protocol::model_reply> first, protocol::model_reply more);

/// Calls that wait until one of their models may be asked (again), in the order
/// in which they came. Bounded by the router's `calls_max`. Not thread-safe.
class resting_calls {
public:
  void add(const call_ptr& it) { calls_.emplace(it->arrival, it); }

  void remove(const routed_call& it) { calls_.erase(it.arrival); }

  std::vector<call_ptr> take_all() {
    std::vector<call_ptr> all;
    for (auto& [order, it] : std::exchange(calls_, {}))
      all.push_back(std::move(it));
    return all;
  }

  std::vector<call_ptr> take_cancelled() {
    std::vector<call_ptr> gone;
    std::erase_if(calls_, [&](auto& entry) {
      if (!entry.second->is_cancelled)
        return false;
      gone.push_back(std::move(entry.second));
      return true;
    });
    return gone;
  }

private:
  std::map<std::uint64_t, call_ptr> calls_; ///< By arrival.
};

} // namespace troupe::actors
