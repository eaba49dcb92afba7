#pragma once

#include "troupe/protocol/mission_check.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::protocol {

/// The problems found so far; bounded, so that a hostile mission costs little.
class mission_check_list {
public:
  void add(std::string pointer, std::string message);
  /// As `add`, with the nearest of `names`. Looked for a few times only: a
  /// search over ten thousand names is slow.
  void add_unknown(std::string pointer, std::string message,
                   std::string_view word, std::span<const std::string> names);

  [[nodiscard]] bool is_full() const { return list_.size() >= 200; }
  [[nodiscard]] std::vector<field_problem> take() { return std::move(list_); }

private:
  std::vector<field_problem> list_;
  int searches_left_ = 20;
};

/// Position by id; of a repeated id the first.
using task_index = std::unordered_map<std::string_view, std::size_t>;

/// Adds unknown and repeated needs, and each cycle.
void check_needs(const mission& m, const task_index& index,
                 mission_check_list& out);

/// Adds what is wrong with the mission's own agents.
void check_agents(const mission& m, const mission_limits& limits,
                  mission_check_list& out);

/// Adds what is wrong with conditions, references, gates by others, approvals,
/// caps and groups. `agents` are all that there are.
void check_rules(const mission& m, std::span<const std::string> agents,
                 mission_check_list& out);

/// `task 'digest': ` as the start of a message.
[[nodiscard]] std::string task_prefix(const task_spec& task);

/// `'text'` cut to 60 bytes, control characters as '?'.
[[nodiscard]] std::string shown(std::string_view text);

} // namespace troupe::protocol
