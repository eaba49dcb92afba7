#include "engine/run_channel.hpp"

#include "engine/ask_actor.hpp"

namespace troupe {

using protocol::fail;
using protocol::result;

void run_channel::on_event(protocol::run_event event) noexcept {
  {
    const std::lock_guard lock{mutex_};
    if (event.kind == protocol::event_kind::run_paused
        || event.kind == protocol::event_kind::run_resumed
        || event.kind == protocol::event_kind::run_cancelling) {
      is_paused_ = event.kind == protocol::event_kind::run_paused;
      ++changes_of_pause_;
    }
    if (events_.size() >= events_max)
      events_.pop_front();
    events_.push_back(std::move(event));
  }
  changed_.notify_all();
}

void run_channel::on_end(protocol::run_report report) noexcept {
  if (const auto then = std::exchange(at_end_, nullptr))
    then(report);
  {
    const std::lock_guard lock{mutex_};
    report_ = std::move(report);
  }
  changed_.notify_all();
}

std::optional<protocol::run_event>
run_channel::next(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  waiting_.wait(changed_, lock, patience,
                [&] { return !events_.empty() || report_.has_value(); });
  if (events_.empty())
    return {};
  auto event = std::move(events_.front());
  events_.pop_front();
  return event;
}

bool run_channel::is_finished() const {
  const std::lock_guard lock{mutex_};
  return report_.has_value();
}

std::optional<protocol::run_report>
run_channel::wait(std::chrono::milliseconds patience) {
  std::unique_lock lock{mutex_};
  const auto is_over = [&] {
    return report_.has_value();
  };
  for (auto before = changes_of_pause_;; before = changes_of_pause_)
    if (waiting_.wait(changed_, lock, patience, is_over)
        || ((!is_paused_ || waiting_.is_driven())
            && before == changes_of_pause_))
      return report_;
}

void mission_run::shared_state::cancel(std::string reason) {
  const std::lock_guard lock{mutex};
  if (coordinator)
    caf::anon_send(coordinator, protocol::coordination<protocol::cancel>{
                                    {}, {id, std::move(reason)}});
}

void mission_run::shared_state::pause(std::string why) {
  const std::lock_guard lock{mutex};
  if (coordinator)
    caf::anon_send(coordinator, actors::pause_run{std::move(why)});
}

void mission_run::shared_state::go_on() {
  const std::lock_guard lock{mutex};
  if (coordinator)
    caf::anon_send(coordinator, actors::continue_run{});
}

result<void> mission_run::shared_state::decide(actors::decide_task what) {
  actors::coordinator_actor to;
  {
    const std::lock_guard lock{mutex};
    to = coordinator;
  }
  if (!to)
    return fail(protocol::errc::unreachable, "the run has ended");
  const auto answer = ask_for<actors::task_decided>(
      to->home_system(), to, "the run has ended", std::move(what));
  if (!answer)
    return answer.error();
  return {};
}

void mission_run::shared_state::leave(std::optional<protocol::error> why) {
  const std::lock_guard lock{mutex};
  if (coordinator)
    caf::anon_send(coordinator, actors::leave_run{std::move(why)});
}

void mission_run::shared_state::detach() {
  const std::lock_guard lock{mutex};
  coordinator = nullptr;
}

mission_run::mission_run(std::shared_ptr<shared_state> state)
    : state_(std::move(state)) {}

protocol::id mission_run::id() const {
  return state_->id;
}

std::optional<protocol::run_event>
mission_run::next_event(std::chrono::milliseconds patience) {
  return state_->channel->next(patience);
}

bool mission_run::is_finished() const {
  return state_->channel->is_finished();
}

void mission_run::cancel(std::string reason) {
  state_->cancel(std::move(reason));
}

void mission_run::pause(std::string why) {
  state_->pause(std::move(why));
}

void mission_run::leave() {
  state_->leave();
}

result<void> mission_run::decide(const std::string& task, bool is_yes,
                                 const std::string& by,
                                 const std::string& note) {
  return state_->decide({task, is_yes, by, note});
}

void mission_run::go_on() {
  state_->go_on();
}

protocol::run_report mission_run::wait() {
  if (auto report = state_->channel->wait(state_->patience))
    return std::move(*report);
  // The coordinator keeps the deadline itself; this is for a fault of ours.
  protocol::run_report lost;
  lost.run = state_->id;
  lost.state = protocol::run_state::failed;
  lost.failure = protocol::fail(protocol::errc::internal,
                                "the run did not end by its deadline");
  return lost;
}

} // namespace troupe
