#include "run_rules.hpp"
#include "support/catch.hpp"
#include "troupe/actors/run_past.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::instant;
using protocol::task_state;

namespace {

const instant start{1'000h};

/// `read` for each of two inputs, and `end` of both.
protocol::mission two_readers() {
  protocol::mission it;
  it.name = "m";
  it.inputs = {{"a", "first text"}, {"b", "second text"}};
  for (const auto* name : {"a", "b"}) {
    auto& task = it.tasks.emplace_back();
    task.id = std::string{"read-"} + name;
    task.agent = "agent";
    task.inputs = {name};
    task.prompt = "Read.";
  }
  auto& end = it.tasks.emplace_back();
  end.id = "end";
  end.agent = "agent";
  end.needs = {"read-a", "read-b"};
  end.prompt = "Join.";
  return it;
}

struct told_run {
  explicit told_run(protocol::mission mission,
                    std::shared_ptr<const result_book> book = {},
                    protocol::id agent = {5, 5})
      : rules(mission, std::vector<std::string>(3, "agent"),
              std::vector<protocol::task_estimate>(3), {1, 1}, 7) {
    rules.know(std::move(book), std::vector<protocol::id>(3, agent));
    rules.journal().keep();
    rules.journal().add(
        protocol::run_planned{
            mission, std::vector<protocol::task_estimate>(3), "t/run", 7, {}},
        start);
    rules.start(start);
  }

  /// Every attempt answers with its inputs in brackets.
  int play() {
    int attempts = 0;
    for (auto open = rules.take_startable(start); !open.empty();
         open = rules.take_startable(start))
      for (const auto& it : open) {
        ++attempts;
        protocol::task_result result;
        for (const auto& input : rules.inputs_of(it.task))
          result.output += "[" + input.text + "]";
        result.cost = {100};
        rules.succeeded(it.task, it.number, result, start);
      }
    for (auto& it : rules.journal().take())
      kept.push_back(std::move(it));
    return attempts;
  }

  const protocol::task_record& record(std::size_t task) {
    return rules.report().tasks[task];
  }

  run_rules rules;
  std::vector<protocol::journal_entry> kept;
};

std::shared_ptr<const result_book> book_of(const told_run& run) {
  auto book = std::make_shared<result_book>();
  book->add({1, 1}, run.kept);
  return book;
}

} // namespace

TEST_CASE("a mission that is run again unchanged does nothing, and costs "
          "nothing",
          "[result_book]") {
  auto mission = two_readers();
  told_run first{mission};
  CHECK(first.play() == 3);
  mission.reuse.is_on = true;
  told_run second{mission, book_of(first)};
  CHECK(second.play() == 0);
  CHECK(second.rules.report().state == protocol::run_state::done);
  CHECK(second.rules.report().reused == 3);
  CHECK(second.rules.report().cost == protocol::money{});
  CHECK(second.record(2).output == "[[first text]][[second text]]");
  CHECK(second.record(2).reused_from == protocol::id{1, 1});
  told_run third{mission, book_of(second)};
  CHECK(third.play() == 0); // also from a run that has taken its results
}

TEST_CASE("of a mission with one input changed only what that bears on runs, "
          "and each task says why",
          "[result_book]") {
  auto mission = two_readers();
  told_run first{mission};
  (void)first.play();
  mission.reuse.is_on = true;
  mission.inputs[1].text = "other text";
  told_run second{mission, book_of(first)};
  CHECK(second.play() == 2);
  CHECK(second.record(0).reused_from);
  CHECK(second.record(1).why == "input b has changed");
  CHECK(second.record(2).why == "result of read-b has changed");
  // What the change of an input did not change, its dependants need not do.
  mission.inputs[1].text = "second text";
  mission.reuse.again = {"read-b"};
  told_run third{mission, book_of(first)};
  CHECK(third.play() == 1);
  CHECK(third.record(1).why == "it was asked for");
  CHECK(third.record(2).reused_from);
}

TEST_CASE(
    "work is not the same with another prompt, agent, definition or tier, "
    "nor where it must always run",
    "[result_book]") {
  auto mission = two_readers();
  told_run first{mission};
  (void)first.play();
  mission.reuse.is_on = true;
  const auto book = book_of(first);
  const auto why = [&](const protocol::mission& changed,
                       protocol::id agent = {5, 5}) {
    told_run run{changed, book, agent};
    (void)run.play();
    return run.record(0).reused_from ? "same" : run.record(0).why;
  };
  CHECK(why(mission) == "same");
  CHECK(why(mission, {6, 6}) == "agent has changed");
  auto other = mission;
  other.tasks[0].prompt = "Read on.";
  CHECK(why(other) == "prompt has changed");
  other = mission;
  other.tasks[0].level = protocol::tier::expert;
  CHECK(why(other) == "definition has changed");
  other = mission;
  other.tasks[0].inputs = {};
  CHECK(why(other) == "input a is gone");
  other.tasks[0].inputs = {"b"}; // as another task has done
  CHECK(why(other) == "same");
  other = mission;
  other.tasks[0].always_run = true;
  CHECK(why(other) == "");
  other = mission;
  other.reuse.is_on = false;
  CHECK(why(other) == "");
  other = mission;
  other.tasks[0].id = "new-name"; // what it gives does not hang on its name
  other.tasks[2].needs[0] = "new-name";
  CHECK(why(other) == "same");
}

TEST_CASE("a failed task, and one that had not ended, are done again",
          "[result_book]") {
  auto mission = two_readers();
  told_run first{mission};
  const auto open = first.rules.take_startable(start);
  first.rules.failed(0, 1, protocol::fail(protocol::errc::unknown_agent, ""),
                     start);
  (void)first.play(); // its entries
  mission.reuse.is_on = true;
  told_run second{mission, book_of(first)};
  (void)second.play();
  CHECK(second.record(0).why == "it had failed");
  CHECK(second.record(1).why == "no earlier run has done it");
}

TEST_CASE("a run that has taken earlier results is decided again the same, and "
          "goes on behind them",
          "[result_book]") {
  auto mission = two_readers();
  told_run first{mission};
  (void)first.play();
  mission.reuse.is_on = true;
  mission.inputs[1].text = "other text";
  told_run second{mission, book_of(first)};
  (void)second.play();
  second.rules.close(start);
  (void)second.play();
  const auto again = replay_run({1, 1}, second.kept);
  REQUIRE(again.has_value());
  CHECK(*again == 0);
  for (std::size_t count = 1; count <= second.kept.size(); ++count) {
    const std::vector<protocol::journal_entry> part(
        second.kept.begin(),
        second.kept.begin() + static_cast<std::ptrdiff_t>(count));
    const auto past = read_past({1, 1}, part);
    REQUIRE(past.has_value());
    if (count == second.kept.size())
      CHECK(past->report == second.rules.report());
  }
}
