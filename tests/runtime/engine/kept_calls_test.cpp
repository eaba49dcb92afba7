#include "support/catch.hpp"
#include "support/rounds.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <atomic>

using namespace troupe;
using protocol::run_state;

namespace {

constexpr int turns = 30;

/// Turn `n` of a model that calls a tool in each but the last.
test::scripted_reply turn(int n) {
  if (n == turns)
    return test::stream_reply(test::openai_piece("Thirty it was.")
                              + test::openai_end(100 + n, 5));
  const auto text = std::to_string(n);
  return test::stream_reply(
      R"(data: {"choices":[{"index":0,"delta":{"role":"assistant",)"
      R"("tool_calls":[{"index":0,"id":"call)"
      + text
      + R"(","type":"function","function":{"name":"note","arguments":)"
        R"("{\"n\":)"
      + text + "}\"}}]}}]}\n\n" + test::openai_end(100 + n, 5));
}

protocol::mission thirty_turns() {
  auto mission = test::mission_for();
  mission.agents[0].tools = {"note"};
  mission.agents[0].turns_max = turns;
  return mission;
}

/// A process whose model answers the turns from `first` to `last`, and then
/// falls silent.
struct process {
  process(const std::filesystem::path& folder, int first, int last)
      : host(start(folder, upstream)) {
    for (int n = first; n <= last; ++n)
      upstream.will(turn(n));
    const auto added = host.add_tool(
        {"note", "Notes a number", R"({"type":"object","properties":{}})"},
        [this](const tool_view&) {
          ++notes;
          return protocol::result<std::string>{"noted"};
        });
    REQUIRE(added.has_value());
  }

  static runtime start(const std::filesystem::path& folder,
                       const test::fake_upstream& upstream) {
    auto config = test::config_with({test::provider_at(upstream)});
    config.threads = 2;
    config.journal = (folder / "runs.db").string();
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    return std::move(*made);
  }

  test::fake_upstream upstream;
  std::atomic<int> notes = 0;
  runtime host;
};

/// A run whose process ended while its model was at call `k + 1`.
protocol::run_report broken_off_after(int k) {
  const test::scratch_folder folder{"calls"};
  const test::scratch_folder left{"calls-left"};
  protocol::id id;
  {
    process one{folder.path(), 1, k};
    const auto run = one.host.start(thirty_turns());
    REQUIRE(run.has_value());
    id = run->id();
    REQUIRE(one.upstream.wait_for_requests(static_cast<std::size_t>(k) + 1));
    // As kill -9 at this moment would leave them.
    std::filesystem::copy(folder.path(), left.path());
    CHECK(one.notes == k);
  }
  process two{left.path(), k + 1, turns};
  auto run = two.host.resume(id);
  REQUIRE(run.has_value());
  auto report = run->wait();
  CHECK(two.upstream.requests().size() == static_cast<std::size_t>(turns - k));
  CHECK(two.notes == turns - 1 - k);
  return report;
}

} // namespace

TEST_CASE("A: a run whose process ended between two calls of its model makes "
          "the calls that were left",
          "[runtime][kept_calls]") {
  const test::scratch_folder folder{"calls-whole"};
  process unbroken{folder.path(), 1, turns};
  const auto whole = unbroken.host.run(thirty_turns());
  REQUIRE(whole.has_value());
  REQUIRE(whole->state == run_state::done);
  const auto& task = whole->tasks[0];
  CHECK(task.model_calls == turns);
  const bool has_time = test::rounds(8) > 1;
  for (const int k : has_time ? std::vector<int>{0, 1, 7, 14, 28, 29}
                              : std::vector<int>{1, 28}) {
    CAPTURE(k);
    const auto report = broken_off_after(k);
    CHECK(report.state == run_state::done);
    CHECK(report.resumed == 1);
    const auto& mine = report.tasks[0];
    CHECK(mine.interrupted == 1);
    CHECK(mine.output == "Thirty it was.");
    CHECK(mine.used == task.used);
    CHECK(mine.cost == task.cost);
    CHECK(mine.model_calls == turns);
    // The call that was under way may have been billed; each other one was
    // paid once.
    CHECK(report.cost_unknown > protocol::money{});
    CHECK(report.cost - report.cost_unknown == task.cost);
  }
}
