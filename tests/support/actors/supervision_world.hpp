#pragma once

#include "supervisor_rules.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe::test {

struct planned_child;

/// A supervisor as it begins, each time.
struct planned_supervisor {
  actors::supervision how{};
  std::vector<planned_child> children;
  actors::child_rule like{}; ///< What those of a dynamic one are to be like.
};

/// A child of the play, with an id that no other has.
struct planned_child {
  actors::child_rule rule;
  std::set<int> failing{};            ///< Starts that fail, from 1.
  std::set<int> ignoring{};           ///< Starts that it does not want.
  std::chrono::milliseconds takes{0}; ///< To stop.
  bool hangs = false;                 ///< Must be killed.
  std::shared_ptr<planned_supervisor> nested{};
};

/// A tree of supervisors that stand on their rules alone, with children that
/// are names, and a clock of its own. Notes what happens to workers: "+a" has
/// started, "!a" has not, "~a" did not want to, "-a" has stopped, "xa" was
/// killed; and "#s" when a supervisor has ended.
class supervision_world {
public:
  using time_point = actors::supervisor_rules::time_point;
  using lines = std::vector<std::string>;

  explicit supervision_world(planned_supervisor plan, std::uint64_t seed = 0);
  ~supervision_world();

  /// Runs until nothing happens any more at this instant.
  void run();
  /// The clock goes on, from alarm to alarm.
  void advance(std::chrono::milliseconds by);
  /// Until no supervisor waits for its clock.
  void settle();

  /// A worker ends by itself; false when it does not live.
  bool crash(const std::string& worker, actors::child_end how);
  void stop(std::chrono::milliseconds limit = actors::no_stop_limit);

  actors::child_answer start(const std::string& supervisor,
                             const planned_child& child);
  actors::child_answer terminate(const std::string& supervisor,
                                 const std::string& id);
  actors::child_answer restart(const std::string& supervisor,
                               const std::string& id);
  actors::child_answer remove(const std::string& supervisor,
                              const std::string& id);

  /// Requests whose answers may come later, under the number returned.
  std::uint64_t ask_start(const std::string& supervisor,
                          const planned_child& child);
  std::uint64_t ask_terminate(const std::string& supervisor,
                              const std::string& id);
  [[nodiscard]] const actors::answer_order* answer_to(std::uint64_t request);

  lines take() { return std::exchange(notes_, {}); }
  [[nodiscard]] bool lives(const std::string& child) const;
  /// Those that live, in alphabetic order.
  [[nodiscard]] lines living() const;
  [[nodiscard]] bool has(const std::string& supervisor) const;
  [[nodiscard]] bool is_dynamic(const std::string& supervisor) const;
  /// "id" and its phase of each child of a living supervisor, in order.
  [[nodiscard]] lines children(const std::string& supervisor) const;
  [[nodiscard]] actors::child_counts count(const std::string& supervisor) const;
  /// Of the top, once it has ended.
  [[nodiscard]] const std::optional<actors::end_order>& end() const {
    return end_;
  }
  [[nodiscard]] int starts(const std::string& child) const;
  [[nodiscard]] time_point now() const { return now_; }
  /// Has a command been given that contradicts what it came after?
  [[nodiscard]] const lines& contradictions() const { return wrong_; }

private:
  struct node;
  using step = std::function<void()>;

  void open(const std::string& name, const planned_supervisor& plan,
            node* parent, actors::child_life as);
  void obey(const std::string& name, actors::supervisor_commands commands);
  void obey(node& at, const actors::start_order& order);
  void obey(node& at, const actors::stop_order& order);
  void obey(node& at, const actors::kill_order& order);
  void obey(node& at, const actors::answer_order& order);
  void obey(node& at, const actors::opened_order& order);
  void obey(node& at, const actors::end_order& order);
  void obey(node& at, const actors::report_order& order);
  void later(step what) { steps_.push_back(std::move(what)); }
  void gone(const std::string& worker, actors::child_end how);
  void kill_tree(const std::string& supervisor);
  void tell_end(node& at, actors::child_life who, actors::child_end how);
  actors::child_answer answered(std::uint64_t request);
  [[nodiscard]] std::optional<time_point> next_alarm() const;

  struct player {
    std::string supervisor;
    std::uint64_t node = 0;
    actors::child_life as;
  };

  time_point now_{std::chrono::hours{1}};
  std::map<std::string, std::unique_ptr<node>> nodes_;
  std::map<std::string, player> workers_;
  std::map<std::string, int> starts_;
  std::map<std::uint64_t, actors::answer_order> answers_;
  std::multimap<time_point, step> timers_;
  std::deque<step> steps_;
  std::optional<actors::end_order> end_;
  lines notes_;
  lines wrong_;
  std::uint64_t requests_ = 0;
  std::uint64_t opened_ = 0;
  std::uint64_t seed_;
};

} // namespace troupe::test
