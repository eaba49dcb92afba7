#pragma once

#include "health_window.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Which agents are sick, and what is done about it: drained, restarted, on
/// probation, then well again, or replaced by the next by skill until a
/// probation after a rest succeeds (docs/supervision.md). Agents that nobody
/// has heard of are well. Beyond `agents_max` those that were heard of first
/// are forgotten, if they are well. Time is passed in. Not thread-safe.
class health_rules {
public:
  using instant = protocol::instant;

  explicit health_rules(const health_limits& limits) : limits_(limits) {}

  /// A task was given to an agent.
  void begun(const std::string& agent, instant now);
  /// A task that was given to it has ended, `work` as in `agent_outcome`.
  void ended(const std::string& agent, const agent_outcome& how, instant now);
  /// A gate has looked at what it gave for `work`.
  void judged(const std::string& agent, bool passed, protocol::id work,
              instant now);
  /// A life of it has begun.
  void started(const std::string& agent, instant now);

  /// Whom to give a task: the place of the best of `agents`, the first of
  /// those that stand alike. One on probation has it as a trial.
  [[nodiscard]] std::size_t choose(std::span<const std::string> agents,
                                   instant now);
  /// False: a task for it has to wait.
  [[nodiscard]] bool may_be_given(const std::string& agent) const;
  /// The lower, the sooner it is offered; 0: as if nothing were known of it.
  [[nodiscard]] std::uint32_t rank_of(const std::string& agent) const;
  /// How often its health was the cause of an end.
  [[nodiscard]] std::uint32_t restarts_of(const std::string& agent) const;

  /// Whether `advance` has something to do now.
  [[nodiscard]] bool has_news() const {
    return !suspects_.empty() || !steps_.empty();
  }
  /// What has changed, in order. Who is restarted now is to be ended, so that
  /// its supervisor starts it again.
  [[nodiscard]] std::vector<protocol::health_step>
  advance(instant now, const skill_counter& skills);
  /// When `advance` is due again; the epoch: nothing is.
  [[nodiscard]] instant next_due() const;

  /// Those that are not well, by name.
  [[nodiscard]] std::vector<protocol::agent_health> unwell(instant now) const;
  [[nodiscard]] bool are_all_well() const noexcept { return unwell_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return watched_.size(); }

private:
  using condition = protocol::agent_condition;
  struct watch {
    health_window window;
    condition state = condition::well;
    instant since{};
    instant due{};   ///< When it changes by itself; epoch: never.
    instant heard{}; ///< The last time of a task.
    protocol::sickness cause = protocol::sickness::none;
    std::vector<std::string> skills; ///< While it is drained or restarted.
    std::uint32_t open = 0;          ///< Tasks that it has.
    std::uint32_t promised = 0;      ///< Trials that are about to be given.
    std::uint32_t good = 0;
    std::uint32_t bad = 0;
    std::uint32_t rests = 0; ///< Each twice as long as the one before.
    std::uint32_t restarts = 0;
    instant restarted{};
  };
  struct failed_work {
    std::string agent; ///< That failed over it first.
    bool is_bad = false;
  };

  watch& watch_of(const std::string& agent, instant now);
  [[nodiscard]] const watch* find(const std::string& agent) const;
  [[nodiscard]] std::uint32_t rank_of(const watch& it, instant now) const;
  [[nodiscard]] bool has_free_trial(const watch& it, instant now) const;
  void note_failed(const std::string& agent, protocol::id work);
  [[nodiscard]] health_window::blame bad_works() const;
  void suspect(const std::string& agent, const watch& it, instant now);
  void try_out(const std::string& agent, watch& it, bool is_good, instant now);
  void change(const std::string& agent, watch& it, condition to, instant now,
              std::string why);
  void replace(const std::string& agent, watch& it, instant now,
               std::string why);
  void look_at_suspect(const std::string& agent, watch& it, instant now,
                       const skill_counter& skills);
  void drain(const std::string& agent, watch& it, bool is_last, instant now);
  void go_on(const std::string& agent, watch& it, instant now);
  [[nodiscard]] bool may_drain(const std::vector<skill_count>& skills,
                               const std::string& agent, bool& is_last) const;

  health_limits limits_;
  std::map<std::string, watch> watched_;
  std::deque<std::string> order_;  // bounded by agents_max
  std::set<std::string> suspects_; ///< That may be sick.
  std::set<std::string> waiting_;  ///< That are; others have to be back first.
  instant waiting_until_{};
  std::set<std::string> unwell_;
  std::vector<protocol::health_step> steps_;
  std::unordered_map<protocol::id, failed_work> works_;
  std::deque<protocol::id> works_order_; // bounded by works_max
  instant last_restart_{};
};

} // namespace troupe::actors
