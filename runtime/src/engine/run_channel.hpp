#pragma once

#include "engine/run_pace.hpp"
#include "engine/waiting.hpp"
#include "troupe/runtime/mission_run.hpp"

#include <troupe/actors/coordinator.hpp>
#include <troupe/actors/event_sink.hpp>

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

namespace troupe {

/// Between a coordinator and the threads of the host program.
class run_channel final : public actors::event_sink {
public:
  static constexpr std::size_t events_max = 100'000;

  void on_event(protocol::run_event event) noexcept override;
  void on_end(protocol::run_report report) noexcept override;

  /// How its readers wait; set before the run starts.
  void wait_by(waiting how) { waiting_ = how; }

  /// Is handed the report before anybody else; set before the run starts.
  void at_end(std::function<void(const protocol::run_report&)> then) {
    at_end_ = std::move(then);
  }

  std::optional<protocol::run_event> next(std::chrono::milliseconds patience);
  [[nodiscard]] bool is_finished() const;

  /// The report, or nothing when `patience` has passed while the run was not
  /// paused.
  std::optional<protocol::run_report> wait(std::chrono::milliseconds patience);

private:
  std::function<void(const protocol::run_report&)> at_end_;
  waiting waiting_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<protocol::run_event> events_; // bounded by events_max
  std::optional<protocol::run_report> report_;
  bool is_paused_ = false;
  std::uint64_t changes_of_pause_ = 0;
};

struct mission_run::shared_state {
  protocol::id id;
  std::shared_ptr<run_channel> channel;
  std::mutex mutex;
  actors::coordinator_actor coordinator; ///< Null when the engine is gone.
  std::chrono::milliseconds patience{0}; ///< Deadline of the mission, plus.

  /// Tells the coordinator to cancel.
  void cancel(std::string reason);
  void pause(std::string why);
  void go_on();
  protocol::result<void> decide(actors::decide_task what);
  void leave(std::optional<protocol::error> why = {});
  /// Lets go of the coordinator, which must not outlive its actor system.
  void detach();
};

} // namespace troupe
