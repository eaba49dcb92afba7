#pragma once

#include "troupe/actors/agent_index.hpp"

#include <troupe/protocol/agent.hpp>
#include <troupe/protocol/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Who is there, by name, skill, tags, tier and text: what the registry decides
/// with, without actors. Questions by text need an index, which costs some 60
/// microseconds a card: it is begun by the first such question, built in steps,
/// and kept up to date from then on. Not thread-safe.
class registry_rules {
public:
  explicit registry_rules(std::size_t agents_max) : agents_max_(agents_max) {}

  /// Returns the incarnation. Errors: `invalid_request`, `limit_exceeded`.
  protocol::result<std::uint64_t> add(const protocol::agent_card& card);

  /// Forgets an agent, unless a later incarnation has taken its name.
  void remove(const std::string& name, std::uint64_t incarnation);

  struct match {
    const protocol::agent_card* card = nullptr;
    std::uint32_t permille = 0; ///< Of a question by text; else 0.
  };

  /// Reads up to `count` more cards into the index. True when all are in it.
  bool index_some(std::size_t count);

  /// Whether `find` answers at once, without reading cards first.
  [[nodiscard]] bool
  is_ready_for(const protocol::discover_agents& query) const {
    return query.text.empty() || (is_indexing_ && unread_.empty());
  }

  /// The matches, best first; valid until the next `add` or `remove`.
  /// Errors: `invalid_request`, `unknown_agent`.
  [[nodiscard]] protocol::result<std::vector<match>>
  find(const protocol::discover_agents& query);

  /// The names of all that have skill and tag; an empty one stands for any.
  [[nodiscard]] std::vector<std::string> names_of(const std::string& skill,
                                                  const std::string& tag) const;

  [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }

private:
  struct entry {
    protocol::agent_card card;
    std::uint64_t incarnation = 0;
  };
  using rank = std::pair<protocol::tier, std::string_view>; // cheapest first

  void forget_card(const entry& it);
  [[nodiscard]] std::vector<match>
  by_text(const protocol::discover_agents& query);
  [[nodiscard]] std::vector<match>
  by_rank(const protocol::discover_agents& query) const;
  [[nodiscard]] protocol::error
  not_found(const protocol::discover_agents& query) const;

  std::size_t agents_max_;
  std::unordered_map<std::string, entry> by_name_;
  std::map<std::string, std::set<rank>, std::less<>> by_skill_;
  std::uint64_t incarnations_ = 0;
  agent_index index_;
  bool is_indexing_ = false;        ///< Whether a question by text has come.
  std::vector<std::string> unread_; ///< Agents that the index still lacks.
};

} // namespace troupe::actors
