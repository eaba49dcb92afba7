#pragma once

#include "troupe/actors/breaker_limits.hpp"
#include "troupe/actors/budget_manager.hpp"
#include "troupe/actors/fair_shares.hpp"
#include "troupe/actors/fallback_lists.hpp"
#include "troupe/actors/hedge_limits.hpp"
#include "troupe/actors/model_policy.hpp"
#include "troupe/actors/provider.hpp"
#include "troupe/actors/rate_board.hpp"
#include "troupe/actors/rate_limits.hpp"
#include "troupe/actors/retry_limits.hpp"

#include <troupe/protocol/catalogue.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

/// ROUTER: one per node; chooses the model for a call, pays for it, carries it
/// to a provider, and to the next model when that one fails; when all have
/// failed, after a pause, to the same again. A model whose provider keeps
/// failing or asks to be left alone rests; when all that fit do, calls wait for
/// the first that may be asked again, as long as their deadline allows.
/// So they do where a provider's limits leave no place: tenants by their
/// shares, and within a tenant the most urgent first.
using router_actor = caf::typed_actor<
    // Answers what the model said, with its exact cost; or why nobody could.
    // Pieces of a streamed answer go to the sender as they arrive. Until the
    // first of them a failure is not seen; after it the call ends with it.
    caf::replies_to<protocol::request<protocol::model_call>>::with<
        protocol::response<protocol::model_reply>>,
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    // How good an answer was, for a policy that learns.
    caf::replies_to<protocol::request<protocol::judge_answer>>::with<
        protocol::response<protocol::answer_judged>>,
    // Only from providers.
    caf::reacts_to<protocol::notification<protocol::model_delta>>>;

struct router_config {
  std::vector<protocol::model_spec> models; ///< Of configured providers only.
  std::map<std::string, provider_actor> providers; ///< By name.
  budget_actor budget;
  std::shared_ptr<const protocol::token_counter> counter;
  /// Exact counters, by the model's id; other models are counted by `counter`.
  std::map<std::string, std::shared_ptr<const protocol::token_counter>> exact;
  std::uint32_t attempts_max = 3; ///< Of one call, at all models together.
  std::size_t calls_max = 10'000; ///< In flight; beyond: `overloaded`.
  /// How long a call may take when its header names no deadline.
  protocol::duration patience = std::chrono::minutes{5};
  breaker_limits breakers; ///< Each provider and model has its own.
  std::map<std::string, breaker_limits> breakers_at; ///< By provider; others.
  all_open_policy when_all_open = all_open_policy::wait;
  /// By a model's id or a tier's name: where calls go that have failed there,
  /// in place of the other models that fit.
  std::map<std::string, fallback_lists> fallbacks;
  retry_limits retries;
  std::map<std::string, rate_limits> rates; ///< By provider; none: no limits.
  std::shared_ptr<rate_board> told; ///< What providers say; may be null.
  fair_shares shares;               ///< Of tenants, at each provider.
  /// Models that cost so much more than the cheapest at most are ordered by how
  /// fast they have answered; 0: only the price counts. Not with a `policy`.
  std::uint32_t latency_weight_permille = 0;
  hedge_limits hedging; ///< Of calls whose terms allow it.
  /// Orders the models that fit; none: the cheapest first, and a conversation
  /// stays where its prefix is cached.
  std::shared_ptr<model_policy> policy;
  wall_clock clock;
  std::uint64_t seed = 0;
};

[[nodiscard]] router_actor spawn_router(caf::actor_system& system,
                                        router_config config);

} // namespace troupe::actors
