#pragma once

#include "supervisor_commands.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

struct supervised_child {
  using time_point = std::chrono::steady_clock::time_point;

  child_rule rule;
  child_phase phase = child_phase::idle;
  std::uint64_t incarnation = 0;
  std::uint32_t restarts = 0; ///< In all.
  std::uint32_t failures = 0; ///< In a row, none of which lived long.
  child_end end{};            ///< When `has_ended`.
  std::string last_end{};     ///< Why it ended, or did not start; in words.
  bool has_ended = false;   ///< Running or stopping, and yet to be dealt with.
  bool is_counted = false;  ///< The restart that it waits for.
  bool is_put_off = false;  ///< It waits for longer than its turn.
  bool is_replaced = false; ///< It is to be started anew with another rule.
  time_point since{};       ///< Running.
  std::optional<time_point> alarm{}; ///< To be killed, or tried again.
};

/// As OTP's `count_children`.
struct child_counts {
  std::size_t specs = 0;
  std::size_t active = 0;
  std::size_t supervisors = 0;
  std::size_t workers = 0;

  bool operator==(const child_counts&) const = default;
};

/// The children of a supervisor, by number and id; a higher number was started
/// later. Not thread-safe.
class supervised_children {
public:
  using time_point = supervised_child::time_point;
  using numbers = std::vector<std::uint64_t>;

  /// The id must be new. Returns its number.
  std::uint64_t add(child_rule rule);
  void remove(std::uint64_t child);

  /// Null when there is none.
  [[nodiscard]] supervised_child* find(std::uint64_t child);
  /// Also null when it has another life now.
  [[nodiscard]] supervised_child* find(const child_life& who);
  [[nodiscard]] std::optional<std::uint64_t>
  number_of(const std::string& id) const;

  /// Of all from `first` on, in starting order.
  [[nodiscard]] numbers from(std::uint64_t first) const;

  void set_alarm(std::uint64_t child, time_point due);
  void drop_alarm(std::uint64_t child);
  [[nodiscard]] std::optional<time_point> first_alarm() const;
  /// Takes one that is due.
  [[nodiscard]] std::optional<std::uint64_t> take_alarm(time_point now);

  [[nodiscard]] const std::map<std::uint64_t, supervised_child>& all() const {
    return children_;
  }
  [[nodiscard]] child_counts count() const;

private:
  std::map<std::uint64_t, supervised_child> children_;
  std::unordered_map<std::string, std::uint64_t> by_id_;
  std::set<std::pair<time_point, std::uint64_t>> alarms_;
  std::uint64_t last_ = 0;
};

} // namespace troupe::actors
