#include "run_rules.hpp"
#include "support/actors/random_mission.hpp"
#include "support/actors/run_history.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <array>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::instant;
using protocol::run_state;
using protocol::task_state;
using protocol::test::random_source;

namespace {

/// Plays the part of coordinator and agents with random outcomes.
class random_run {
public:
  explicit random_run(std::uint64_t seed)
      : source_(seed), mission_(test::random_mission(source_)),
        history_(mission_),
        rules_(mission_, std::vector<std::string>(mission_.tasks.size(), "x"),
               estimates(), {seed, 1}, seed) {
    rules_.start(now_);
  }

  void play(std::size_t cancel_at) {
    for (std::size_t step = 0; !rules_.is_finished(); ++step) {
      REQUIRE(step < 2'000);
      if (step == cancel_at) {
        cancelled_ = true;
        (void)rules_.cancel(protocol::fail(errc::cancelled, "enough"), now_);
      }
      for (const auto& late : rules_.expire(now_))
        if (!rules_.is_cancelling())
          forget(late);
      for (const auto& it : rules_.take_startable(now_))
        open_.push_back(it);
      follow();
      if (!rules_.is_finished())
        something_happens();
    }
    rules_.close(now_);
    follow();
  }

  void check() {
    CHECK(history_.fault() == "");
    CHECK(history_.all_ended());
    const auto& report = rules_.report();
    std::size_t done = 0;
    for (const auto& task : report.tasks) {
      CHECK(task.state != task_state::waiting);
      CHECK(task.state != task_state::ready);
      CHECK(task.state != task_state::running);
      CHECK(task.attempts <= 3);
      CHECK((task.state != task_state::done || !task.failure.has_value()));
      done += task.state == task_state::done ? 1 : 0;
    }
    CHECK((report.state == run_state::done) == (done == report.tasks.size()));
    if (cancelled_ && report.state != run_state::done)
      CHECK((report.state == run_state::cancelled
             || report.failure->code == errc::deadline_exceeded));
  }

private:
  std::vector<protocol::task_estimate> estimates() {
    std::vector<protocol::task_estimate> all(mission_.tasks.size());
    for (auto& it : all)
      it.time = std::chrono::seconds{source_.below(20)};
    return all;
  }

  void forget(const run_rules::attempt& ended) {
    stale_.push_back(ended);
    std::erase_if(open_, [&](const auto& it) {
      return it.task == ended.task && it.number == ended.number;
    });
  }

  void something_happens() {
    if (!stale_.empty() && source_.below(4) == 0)
      end(stale_[source_.below(stale_.size())]);
    if (!open_.empty() && source_.below(3) != 0) {
      const auto it = open_[source_.below(open_.size())];
      forget(it);
      return end(it);
    }
    const auto due = rules_.next_due();
    if (due != instant{} && source_.coin())
      now_ = std::max(now_, due);
    else if (rules_.is_cancelling() && open_.empty())
      rules_.abandon(now_);
    else
      now_ += std::chrono::milliseconds{source_.below(2'000)};
  }

  void end(const run_rules::attempt& it) {
    static constexpr std::array codes{
        errc::agent_failed, errc::provider_throttled, errc::budget_exhausted,
        errc::unreachable, errc::cancelled};
    if (source_.below(4) != 0)
      rules_.succeeded(it.task, it.number, {}, now_);
    else
      rules_.failed(it.task, it.number,
                    protocol::fail(codes[source_.below(codes.size())], ""),
                    now_);
  }

  void follow() {
    for (const auto& event : rules_.take_events())
      history_.add(event);
  }

  random_source source_;
  protocol::mission mission_;
  test::run_history history_;
  run_rules rules_;
  instant now_{std::chrono::hours{1'000}};
  std::vector<run_rules::attempt> open_;
  std::vector<run_rules::attempt> stale_;
  bool cancelled_ = false;
};

} // namespace

TEST_CASE("random runs end every task once, within cap, order and waves",
          "[run_rules]") {
  for (std::uint64_t seed = 1; seed <= 600; ++seed) {
    CAPTURE(seed);
    random_run run{seed};
    run.play(SIZE_MAX);
    run.check();
  }
}

TEST_CASE("a run may be cancelled at any step and still ends every task",
          "[run_rules]") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    for (std::size_t step = 0; step < 25; ++step) {
      CAPTURE(seed, step);
      random_run run{seed};
      run.play(step);
      run.check();
    }
}
