#pragma once

#include "restart_window.hpp"
#include "supervisor_work.hpp"

#include <deque>
#include <optional>

namespace troupe::actors {

/// What a SUPERVISOR decides, by OTP's rules (docs/supervision.md). Is told
/// what happens, answers with what is to be done; one thing is done at a time,
/// and what comes meanwhile waits, but for `stop`. Not thread-safe.
class supervisor_rules {
public:
  using time_point = supervised_child::time_point;
  static constexpr time_point never = time_point::max();

  struct settings {
    supervision how{};
    std::uint64_t seed = 0; ///< Of pauses.
    /// Incarnations have higher numbers than this.
    std::uint64_t incarnations_before = 0;
    std::size_t waiting_max = 10'000; ///< Requests beyond it are refused.
  };

  explicit supervisor_rules(const settings& with);

  /// Starts these in order. If one fails, those before it are stopped and the
  /// supervisor ends. To be called first, once; rules that `problems_in`
  /// refuses must not come here.
  [[nodiscard]] supervisor_commands open(std::vector<child_rule> children,
                                         time_point now);

  /// What became of a `start_order`.
  [[nodiscard]] supervisor_commands started(child_life who, time_point now);
  [[nodiscard]] supervisor_commands ignored(child_life who, time_point now);
  [[nodiscard]] supervisor_commands
  start_failed(child_life who, const std::string& why, time_point now);

  /// A child has ended, asked or not; `why` in words, to be looked up later.
  /// Another life's end has no effect.
  [[nodiscard]] supervisor_commands ended(child_life who, child_end how,
                                          time_point now, std::string why = {});

  /// Stops all children and ends. What was under way is given up, requests
  /// that wait are refused, and what lives at `deadline` is killed.
  [[nodiscard]] supervisor_commands stop(time_point now,
                                         time_point deadline = never);

  /// To be called when `next_wake` has come; earlier does no harm.
  [[nodiscard]] supervisor_commands wake(time_point now);
  [[nodiscard]] std::optional<time_point> next_wake() const {
    return children_.first_alarm();
  }

  /// Requests; each is answered once, under its number.
  [[nodiscard]] supervisor_commands
  start_child(child_rule rule, std::uint64_t request, time_point now);
  /// One of the same id is stopped first and keeps its place; that is answered
  /// at once. Of several replacements before the next start the last counts.
  [[nodiscard]] supervisor_commands
  replace_child(child_rule rule, std::uint64_t request, time_point now);
  [[nodiscard]] supervisor_commands
  terminate_child(const std::string& id, std::uint64_t request, time_point now);
  /// Only one that does not live; the window does not count it.
  [[nodiscard]] supervisor_commands
  restart_child(const std::string& id, std::uint64_t request, time_point now);
  /// Only one that does not live.
  [[nodiscard]] supervisor_commands
  delete_child(const std::string& id, std::uint64_t request, time_point now);

  [[nodiscard]] const supervised_children& children() const noexcept {
    return children_;
  }
  /// Null when it does not have that life any more.
  [[nodiscard]] const supervised_child* find(const child_life& who) {
    return children_.find(who);
  }
  [[nodiscard]] auto_shutdown ends() const noexcept { return with_.how.ends; }
  [[nodiscard]] const supervision& how() const noexcept { return with_.how; }
  [[nodiscard]] const restart_window& window() const noexcept {
    return window_;
  }

private:
  using event = supervisor_wish;
  using wish = event::kind;
  using work = supervisor_work;
  using aim = work::aim;

  supervisor_commands take();
  supervisor_commands ask(event what, time_point now);
  void advance(time_point now);
  void handle(event& what, time_point now);
  void handle_request(event& what);
  void decide(std::uint64_t child, time_point now);
  void retry(const child_life& who, time_point now);
  void replace(const child_life& who);
  void add(event& what);
  void run_again(const event& what, supervised_child& it);
  void remove(const event& what, const supervised_child& it);

  bool step(time_point now);
  bool is_gone(std::uint64_t child, time_point now);
  bool all_stopped(time_point now);
  bool all_started();
  void plan();
  void finish();
  void order_stop(std::uint64_t child, supervised_child& it, time_point now);
  void order_start(std::uint64_t child, supervised_child& it);
  void begin_restart(std::uint64_t child);
  void begin_end(end_order why);
  void give_up(const supervised_child& it);
  void forget(std::uint64_t child);
  void end_with_significant(const std::string& id);
  void wait(std::uint64_t child, std::chrono::steady_clock::duration length,
            time_point now);
  void leave_wait(std::uint64_t child, supervised_child& it, time_point now);
  [[nodiscard]] supervised_children::numbers
  scope_of(std::uint64_t child) const;
  [[nodiscard]] std::chrono::steady_clock::duration
  next_pause(supervised_child& it, time_point now);
  void answer(std::uint64_t request, child_answer what, child_life who = {},
              std::string why = {});

  settings with_;
  restart_window window_;
  supervised_children children_;
  std::optional<work> work_;
  std::deque<event> waiting_; // bounded by waiting_max and two a child
  supervisor_commands out_;
  end_order end_;
  time_point deadline_ = never;
  std::uint64_t incarnation_;
  std::uint64_t random_;
  bool is_ending_ = false;
  bool is_over_ = false;
};

} // namespace troupe::actors
