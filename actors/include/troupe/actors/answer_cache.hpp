#pragma once

#include "troupe/actors/answer_store.hpp"
#include "troupe/actors/router.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace troupe::actors {

/// What the ANSWER CACHE may keep.
struct answer_limits {
  std::size_t entries = 10'000; ///< In memory; then the least used go.
  std::size_t bytes = 64U << 20U;
  protocol::duration ttl = std::chrono::hours{24};
  /// Calls that ask for more chance than this want a new answer each time. One
  /// that says nothing asks for none.
  std::uint32_t temperature_permille = 0;
  /// Also answers that ask for tools.
  bool keeps_tool_calls = false;
};

struct answer_cache_config {
  router_actor router; ///< Whom it asks.
  answer_limits limits;
  /// Beyond the process, for one cache at a time; null: in memory only.
  std::shared_ptr<answer_store> store;
  /// What else changes answers, as the models that can be chosen.
  std::string setting;
  std::size_t calls_max = 10'000; ///< Open here; beyond: `overloaded`.
  /// How long a call may take when its header names no deadline.
  protocol::duration patience = std::chrono::minutes{5};
  wall_clock clock;
  std::uint64_t seed = 0;
};

/// ANSWER CACHE: stands before the router and speaks as it does. Equal calls of
/// one tenant get one answer: those that come later from memory or the store,
/// at no cost (`is_cached`, `saved`), those that are open at one time from the
/// call of the first, who pays for it. When that one fails for reasons of its
/// own, the next leads. Each keeps its own deadline and cancel scope. One that
/// asked for a stream gets the text as one piece.
/// Kept are complete answers with a text; without tool calls, unless asked for.
/// Everything else is between its sender and the router.
[[nodiscard]] router_actor spawn_answer_cache(caf::actor_system& system,
                                              answer_cache_config config);

} // namespace troupe::actors
