#pragma once

#include "troupe/actors/choice_log.hpp"
#include "troupe/actors/router_rules.hpp"
#include "troupe/actors/task_complexity.hpp"

#include <troupe/protocol/header.hpp>
#include <troupe/protocol/model.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace troupe::actors {

/// Orders the models that fit a call, in place of the router's order by price;
/// may learn from what becomes of calls. Must not throw and must not block for
/// longer than it takes to sort some models. Thread safety: any thread.
class model_policy {
public:
  virtual ~model_policy() = default;

  /// `chosen`: places in the router's list of models, cheapest first, at most
  /// 32. To be reordered only. Called once a call.
  virtual void order(std::vector<std::size_t>& chosen,
                     const protocol::header& head,
                     const protocol::model_call& call,
                     const model_need& need) = 0;

  /// The call `request` was answered by `model` for `cost`.
  virtual void answered(protocol::id request, std::size_t model,
                        protocol::money cost) = 0;

  /// How good the answer to the call `request` was, 0 to 1,000. Returns which
  /// model had given it; null for a call that is not known, or no more, or that
  /// was judged already, which changes nothing.
  virtual std::optional<std::size_t> judge(protocol::id request,
                                           std::uint32_t quality_permille) = 0;

protected:
  model_policy() = default;
  model_policy(const model_policy&) = default;
  model_policy& operator=(const model_policy&) = default;
};

struct learned_policy_config {
  std::vector<protocol::model_spec> models; ///< Those of the router, in order.
  /// What a call may cost on average; 0: anything, so only quality counts.
  protocol::money spend_per_call{};
  complexity_analyser analyser; ///< Empty: `analyse_complexity`.
  std::uint64_t seed = 0;
  std::shared_ptr<choice_log> log = nullptr; ///< Told of all; null: nobody.
  /// What was judged before, the oldest first: it is learned again. Models
  /// that are no more, and what cannot be read, are left out.
  std::vector<made_choice> history{};
};

/// Learns quality and cost of each model by type of task, and which prompts
/// are hard, from `judge` and `answered` (docs/adr/0024). Turns of one
/// conversation draw alike, so that it does not change its model without a
/// reason. Remembers the last 4,096 answers that were not judged.
[[nodiscard]] std::shared_ptr<model_policy>
make_learned_policy(learned_policy_config config);

} // namespace troupe::actors
