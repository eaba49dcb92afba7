// The part of the world that writes down what is seen.
#include "engine/engine.hpp"
#include "world.hpp"

#include <caf/all.hpp>

namespace troupe::testing::sim {

using namespace std::chrono_literals;
using protocol::event_kind;

namespace {

/// Which facts are operations of clients, or messages of models, tools and
/// agents that do something.
bool is_operation(fact_kind it) {
  switch (it) {
  case fact_kind::run_asked:
  case fact_kind::run_refused:
  case fact_kind::model_asked:
  case fact_kind::effect_done:
  case fact_kind::state_written:
  case fact_kind::state_refused:
  case fact_kind::state_unknown:
  case fact_kind::state_read:
  case fact_kind::published:
  case fact_kind::client_did:
    return true;
  default:
    return false;
  }
}

} // namespace

void world::note(fact it) {
  it.life = life_;
  it.step = step_;
  it.at = is_alive_ && runtime_ ? engine().now() : now_;
  if (is_operation(it.what)) {
    ++history_.operations;
    ++history_.operations_by_kind[std::string{
        it.what == fact_kind::client_did ? it.name.substr(0, it.name.find(' '))
                                         : protocol::enum_name(it.what)}];
  }
  history_.facts.push_back(std::move(it));
}

void world::witness(fact it) {
  if (!is_alive_)
    return;
  if (it.what == fact_kind::fault)
    ++history_.faults[it.name];
  strike(it);
  note(std::move(it));
}

void world::note_refused(const protocol::error& why) {
  fact it{fact_kind::run_refused};
  it.text = std::string{to_string(why.code)} + ": " + why.detail;
  it.number =
      std::chrono::duration_cast<std::chrono::milliseconds>(why.retry_after)
          .count();
  note(std::move(it));
}

void world::fault(const std::string& kind, std::uint64_t count) {
  history_.faults[kind] += count;
  note({fact_kind::fault, 0, {}, {}, kind});
}

void world::collect() {
  if (!runtime_)
    return;
  for (auto& [id, it] : runs_)
    if (it.handle)
      collect(id, it);
}

void world::collect(protocol::id id, client_run& of) {
  while (const auto event = of.handle->next_event(0ms)) {
    of.has_begun = true;
    fact it{fact_kind::run_told, 0, {}, id, event->task};
    it.text = protocol::enum_name(event->kind);
    it.number = static_cast<std::int64_t>(event->sequence);
    if (event->kind == event_kind::approval_asked)
      questions_.push_back({id, event->task});
    if (event->kind == event_kind::run_paused)
      of.is_paused = true;
    note(std::move(it));
  }
  if (of.handle->is_finished())
    collect_report(id, of);
}

void world::collect_report(protocol::id id, client_run& of) {
  const auto report = of.handle->wait();
  of.handle.reset();
  const auto why = report.failure ? report.failure->code : protocol::errc{};
  fact it{fact_kind::run_ended, 0, {}, id};
  it.text = protocol::enum_name(report.state);
  it.number = report.cost.nano_usd;
  it.other = report.cost_unknown.nano_usd; // it may turn out to be less
  it.name = report.failure ? std::string{to_string(why)} : std::string{};
  note(std::move(it));
  for (const auto& task : report.tasks)
    note({fact_kind::task_reported,
          0,
          {},
          id,
          task.task,
          std::string{protocol::enum_name(task.state)}});
  // What could not be kept is not over: the next process goes on with it.
  of.has_ended = report.state != protocol::run_state::paused
                 && why != protocol::errc::journal_failed;
}

void world::follow() {
  if (auto stream = runtime_->state().follow({"", true, 0, 1'000}))
    stream_.emplace(std::move(*stream));
  if (auto feed = runtime_->follow("sim."))
    feed_.emplace(std::move(*feed));
  feed_offset_ = 0;
}

void world::read_feeds() {
  for (bool goes_on = stream_ && runtime_; goes_on;) {
    const auto next = stream_->next(0ms);
    goes_on = next && *next;
    if (next)
      continue;
    const auto code = next.error().code;
    note({fact_kind::stream_told, 0, {}, {}, {}, std::string{to_string(code)}});
    if (code != protocol::errc::unreachable)
      note({fact_kind::broken, 0, {}, {}, "stream", next.error().detail});
    stream_.reset();
    if (auto again = runtime_->state().follow({"", true, 0, 1'000}))
      stream_.emplace(std::move(*again));
    break;
  }
  while (feed_ && runtime_) {
    const auto item = feed_->next(0ms);
    if (!item)
      break;
    fact it{fact_kind::feed_told};
    if (const auto* message = std::get_if<protocol::topic_message>(&*item)) {
      it.number = static_cast<std::int64_t>(message->offset);
    } else {
      const auto& gap = std::get<protocol::subscription_gap>(*item);
      it.what = fact_kind::feed_gap;
      it.number = static_cast<std::int64_t>(gap.first);
      it.other = static_cast<std::int64_t>(gap.last);
    }
    note(std::move(it));
  }
  if (feed_ && runtime_ && feed_->ended()) {
    feed_.reset();
    if (auto again = runtime_->follow("sim."))
      feed_.emplace(std::move(*again));
  }
}

} // namespace troupe::testing::sim
