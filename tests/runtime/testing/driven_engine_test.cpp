// One seed is one history of the whole engine.
#include "engine/engine.hpp"
#include "engine/runtime_access.hpp"
#include "power_disk.hpp"
#include "support/actors/random_mission.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

using namespace troupe;
using namespace std::chrono_literals;

namespace {

/// A few random missions at one time on simulated models that often fail, kept
/// on a disk in memory; all that a client sees of it.
std::string history_of(std::uint64_t seed) {
  std::string told;
  const auto tell = [&](const auto& what) {
    told += boost::json::serialize(protocol::to_json(what)) + '\n';
  };
  testing::power_disk disk{seed};
  runtime_config config;
  config.seed = seed;
  config.log.level = log_level::off;
  config.journal = "journal";
  config.simulated.failure_permille = 100;
  engine_options options;
  options.driven_by = seed;
  options.start = protocol::instant{1'800'000'000s};
  options.vfs = disk.vfs();
  auto it = runtime_access::create(config, options);
  if (!it)
    return it.error().detail;
  protocol::test::random_source random{seed};
  (void)it->add_agent({.name = "agent"}, [](const task_view& task) {
    return protocol::result<std::string>{"good " + task.task.prompt};
  });
  std::vector<mission_run> runs;
  for (int i = 0; i < 3; ++i) {
    auto mission = test::random_mission(random);
    mission.name += std::to_string(i);
    mission.agents = {{.card = {.name = "model"}}};
    for (auto& task : mission.tasks)
      if (random.coin())
        task.agent = "model";
    auto run = it->start(mission);
    if (!run)
      return run.error().detail;
    runs.push_back(*run);
  }
  for (auto& run : runs) {
    tell(run.wait());
    while (auto event = run.next_event(0ms))
      tell(*event);
  }
  if (const auto accounts = it->accounts())
    tell(*accounts);
  tell(it->message_counts());
  return told;
}

} // namespace

TEST_CASE("one seed is one history of the engine, byte for byte", "[driven]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    const auto first = history_of(seed);
    const auto again = history_of(seed);
    CHECK(first.size() > 1'000);
    REQUIRE(first == again);
  }
}

TEST_CASE("two seeds are two histories", "[driven]") {
  CHECK(history_of(1) != history_of(2));
}
