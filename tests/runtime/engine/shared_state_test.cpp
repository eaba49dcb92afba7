#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <atomic>
#include <thread>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::state_operation;

namespace {

constexpr auto patience = 20s;

runtime quiet_runtime() {
  runtime_config config;
  config.log.level = log_level::off;
  return runtime::create(config).value();
}

/// Takes events until the copy shows `revision`; counts the gaps.
bool reaches(state_stream& stream, std::uint64_t revision,
             int* gaps = nullptr) {
  while (stream.revision() < revision) {
    const auto event = stream.next(patience);
    if (!event || !*event)
      return false;
    if (gaps && std::holds_alternative<protocol::subscription_gap>(**event))
      ++*gaps;
  }
  return true;
}

} // namespace

TEST_CASE("threads share state with versions", "[shared_state]") {
  auto host = quiet_runtime();
  auto state = host.state();
  CHECK(state.put("a", "1").value() == 1);
  CHECK(state.put("a", "2", 1).value() == 2);
  CHECK(state.put("a", "3", 1).error().code == errc::version_conflict);
  CHECK(state.read("a")->entry->value == "2");
  CHECK(state.remove("a").value() == 3);
  CHECK_FALSE(state.read("a")->entry.has_value());
  CHECK(state.history({"a"})->versions.size() == 3);
  CHECK(state.list({}).value().entries.empty());
}

TEST_CASE("R8: a repeated write through the facade has one effect",
          "[shared_state]") {
  auto host = quiet_runtime();
  auto state = host.state();
  const std::vector<protocol::state_write> changes{
      {"a", state_operation::put, {}, "1", {}}};
  const auto first = state.write(changes, "once");
  const auto again = state.write(changes, "once");
  REQUIRE(first.has_value());
  CHECK(first.value() == again.value());
  CHECK(state.read("a")->entry->version == 1);
}

TEST_CASE("P4: a counter that many threads raise loses no step",
          "[shared_state]") {
  auto host = quiet_runtime();
  constexpr int steps = 50;
  std::vector<std::jthread> threads;
  std::atomic<int> failures{0};
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, state = host.state()]() mutable {
      for (int done = 0; done < steps;) {
        const auto seen = state.read("n").value().entry;
        const auto next = seen ? std::stoi(seen->value) + 1 : 1;
        const auto written =
            state.put("n", std::to_string(next), seen ? seen->version : 0);
        if (written)
          ++done;
        else if (written.error().code != errc::version_conflict)
          ++failures;
      }
    });
  threads.clear();
  CHECK(failures == 0);
  CHECK(host.state().read("n")->entry->value == std::to_string(4 * steps));
}

TEST_CASE("a follower gets the state and then each commit", "[shared_state]") {
  auto host = quiet_runtime();
  auto state = host.state();
  REQUIRE(state.put("a/1", "1").has_value());
  auto stream = state.follow({"a/", true}).value();
  const auto first = stream.next(patience);
  REQUIRE((first && *first));
  CHECK(std::holds_alternative<protocol::state_resync>(**first));
  CHECK(stream.find("a/1")->value == "1");
  REQUIRE(state.put("b", "1").has_value());
  REQUIRE(state.put("a/2", "2").has_value());
  const auto second = stream.next(patience);
  REQUIRE((second && *second));
  CHECK(std::get<protocol::state_commit>(**second).revision == 3);
  CHECK(stream.entries().size() == 2);
  CHECK(stream.revision() == 3);
  CHECK_FALSE(stream.next(0ms).value().has_value());
}

TEST_CASE("P2: a follower that does not read for long gets the state anew",
          "[shared_state]") {
  auto host = quiet_runtime();
  auto state = host.state();
  auto stream = state.follow({"n", false, 0, 4}).value();
  std::uint64_t last = 0;
  for (int i = 0; i < 5'000; ++i)
    last = state.put("n", std::to_string(i)).value();
  int gaps = 0;
  CHECK(reaches(stream, last, &gaps));
  CHECK(gaps == 1);
  CHECK(stream.find("n")->value == "4999");
  CHECK(state.put("n", "0").has_value());
  CHECK(reaches(stream, last + 1));
}

TEST_CASE("a bad subscription is refused", "[shared_state]") {
  auto host = quiet_runtime();
  const auto state = host.state();
  CHECK(state.follow({""}).error().code == errc::invalid_request);
  CHECK(state.follow({"a", false, 0, 0}).error().code == errc::invalid_request);
}

TEST_CASE("state and followers end with their runtime", "[shared_state]") {
  auto host = std::make_unique<runtime>(quiet_runtime());
  auto state = host->state();
  auto stream = state.follow({"a"}).value();
  REQUIRE(state.put("a", "1").has_value());
  REQUIRE(reaches(stream, 1));
  host.reset();
  CHECK(state.read("a").error().code == errc::unreachable);
  CHECK(state.follow({"a"}).error().code == errc::unreachable);
  CHECK(stream.next(patience).error().code == errc::unreachable);
  CHECK(stream.find("a")->value == "1");
}

TEST_CASE("agents on their own threads share state", "[shared_state]") {
  auto host = quiet_runtime();
  protocol::agent_card card;
  card.name = "writer";
  const auto added = host.add_agent(
      card,
      [state = host.state()](
          const task_view& it) mutable -> protocol::result<std::string> {
        const auto written = state.put("done/" + it.task.task, "true");
        if (!written)
          return written.error();
        return std::to_string(*written);
      },
      execution::blocking);
  REQUIRE(added.has_value());
  protocol::mission mission;
  mission.name = "sharing";
  for (const auto* id : {"x", "y"}) {
    auto& task = mission.tasks.emplace_back();
    task.id = id;
    task.agent = "writer";
    task.prompt = "write";
  }
  const auto report = host.run(mission);
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(host.state().list({"done/"})->entries.size() == 2);
}
