#pragma once

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

/// Who is there, by name, skill and tier. Not thread-safe.
class registry_rules {
public:
  explicit registry_rules(std::size_t agents_max) : agents_max_(agents_max) {}

  /// Returns the incarnation. Errors: `invalid_request`, `limit_exceeded`.
  protocol::result<std::uint64_t> add(const protocol::agent_card& card);

  /// Forgets an agent, unless a later incarnation has taken its name.
  void remove(const std::string& name, std::uint64_t incarnation);

  /// The matches, best first. Errors: `invalid_request`, `unknown_agent`.
  [[nodiscard]] protocol::result<std::vector<const protocol::agent_card*>>
  find(const protocol::discover_agents& query) const;

  [[nodiscard]] std::size_t size() const noexcept { return by_name_.size(); }

private:
  struct entry {
    protocol::agent_card card;
    std::uint64_t incarnation = 0;
  };
  using rank = std::pair<protocol::tier, std::string_view>; // cheapest first

  void forget_skills(const entry& it);
  [[nodiscard]] protocol::error
  not_found(const protocol::discover_agents& query) const;

  std::size_t agents_max_;
  std::unordered_map<std::string, entry> by_name_;
  std::map<std::string, std::set<rank>, std::less<>> by_skill_;
  std::uint64_t incarnations_ = 0;
};

} // namespace troupe::actors
