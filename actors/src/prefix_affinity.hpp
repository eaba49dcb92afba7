#pragma once

#include "troupe/actors/router_rules.hpp"

#include <troupe/protocol/model.hpp>
#include <troupe/protocol/time.hpp>

#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Knows which model's provider keeps the prefix of a conversation in its
/// cache: as its last answer told, or, where caching is free and is not told,
/// as its price list lets expect. Kept for five minutes after the last answer,
/// of the last `kept_max` conversations. A conversation is what has the same
/// tenant, instructions, tools and first message. Not thread-safe.
class prefix_affinity {
public:
  static constexpr std::size_t kept_max = 4'096;

  /// `models` must outlive it and stay as they are.
  explicit prefix_affinity(const std::vector<protocol::model_spec>& models)
      : models_(&models), order_(kept_max) {}

  /// Puts the model that keeps the call's prefix first among `chosen` when the
  /// call costs less there, cached reads included, than at the one that is.
  void prefer(std::vector<std::size_t>& chosen,
              const protocol::model_call& call, const model_need& need,
              protocol::instant now) const;

  /// What the answer to `call` has told.
  void note(const protocol::model_call& call, std::size_t model,
            const protocol::usage& used, protocol::instant now);

  [[nodiscard]] std::size_t size() const { return held_.size(); }

private:
  struct holding {
    std::size_t model = 0;
    std::uint64_t tokens = 0;
    protocol::instant until{};
  };

  const std::vector<protocol::model_spec>* models_;
  std::unordered_map<protocol::id, holding> held_; ///< By conversation.
  std::vector<protocol::id> order_; ///< A ring of those that are kept.
  std::size_t next_ = 0;
};

} // namespace troupe::actors
