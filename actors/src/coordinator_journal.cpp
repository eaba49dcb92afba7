// The part of a coordinator that keeps what it does before it does it.
#include "coordinator_impl.hpp"
#include "journal_patience.hpp"

#include <caf/all.hpp>

#include <limits>

namespace troupe::actors {

using namespace protocol;

void coordinator::begin() {
  // One instant for what is kept and what is done: a replay has only the first.
  const auto at = now();
  if (config_.past.empty()) {
    if (config_.journal) {
      rules_.journal().keep();
      rules_.journal().add(run_planned{rules_.mission(), rules_.estimates(),
                                       config_.account, config_.seed,
                                       config_.forked_from},
                           at);
    }
    return rules_.start(at);
  }
  if (auto restored = rules_.restore(std::exchange(config_.past, {}));
      !restored) // `read_past` has done the same
    return lose_journal(restored.error());
  kept_ = rules_.journal().last();
  if (config_.journal)
    rules_.journal().keep();
  rules_.go_on(at);
}

void coordinator::flush(std::vector<run_attempt> starting) {
  auto events = rules_.take_events();
  auto entries = rules_.journal().take();
  auto checking = rules_.take_checks();
  if (!entries.empty())
    keep(std::move(entries));
  if (!starting.empty() || !checking.empty() || !events.empty() || is_closed_)
    held_.push_back({rules_.journal().last(), std::move(starting),
                     std::move(checking), std::move(events)});
  release();
}

void coordinator::keep(std::vector<journal_entry> entries) {
  request_until<entries_kept>(
      this, table_, clock().now() + journal_patience, config_.journal,
      [this](const result<entries_kept>& answer) {
        if (!answer)
          return lose_journal(
              fail(errc::journal_failed, answer.error().detail));
        kept_ = std::max(kept_, answer->last);
        release();
      },
      keep_entries{{config_.run, std::move(entries)}});
}

/// What cannot be kept is not done: agents are stopped, and what waited for its
/// entries to be kept is never begun.
void coordinator::lose_journal(error why) {
  if (kept_ == std::numeric_limits<std::uint64_t>::max())
    return; // it was lost with an earlier entry
  kept_ = std::numeric_limits<std::uint64_t>::max();
  rules_.journal().stop();
  lost_ = why;
  if (rules_.is_finished())
    return release();
  stop_run(std::move(why));
}

void coordinator::release() {
  std::vector<std::pair<run_attempt, error>> unsent;
  while (!held_.empty() && held_.front().entry <= kept_) {
    const auto next = std::move(held_.front());
    held_.pop_front();
    for (const auto& it : next.starting) {
      if (rules_.is_cancelling())
        unsent.emplace_back(it,
                            fail(errc::cancelled, "it was not begun any more"));
      else if (!rules_.runs(it.task, it.number))
        continue;
      else if (const auto sent = send_attempt(it); !sent)
        unsent.emplace_back(it, sent.error());
    }
    for (const auto& it : next.checking)
      begin_check(it);
    for (const auto& event : next.events)
      config_.sink->on_event(event);
  }
  for (const auto& [it, why] : unsent)
    rules_.failed(it.task, it.number, why, now());
  if (!unsent.empty())
    return advance();
  if (is_closed_ && held_.empty())
    finish();
}

void coordinator::pause(const std::string& why) {
  rules_.pause(why, now());
  advance();
}

void coordinator::unpause() {
  rules_.unpause(now());
  advance();
}

/// Its journal is left as it stands, so that another process goes on from it.
void coordinator::leave(const std::optional<error>& why) {
  if (is_leaving_)
    return;
  const auto reason =
      why.value_or(fail(errc::cancelled, "the runtime is being stopped"));
  if (config_.journal && !rules_.is_finished()) {
    is_leaving_ = true;
    rules_.pause(reason.detail, now());
    left_ = rules_.report(); // what is stopped now goes on later
    left_.failure = why;
    flush();
    rules_.journal().stop();
  }
  stop_run(reason);
}

void coordinator::finish() {
  if (is_leaving_) {
    left_.state = run_state::paused;
    left_.finished = now();
    left_.cost = rules_.report().cost;
    left_.cost_unknown = rules_.report().cost_unknown;
    rules_.report() = std::move(left_);
  } else if (lost_) { // whatever it was stopped for before: it is not over
    rules_.report().state = run_state::failed;
    rules_.report().failure = std::move(lost_);
  }
  if (auto sink = std::exchange(config_.sink, nullptr))
    sink->on_end(std::move(rules_.report()));
  quit();
}

} // namespace troupe::actors
