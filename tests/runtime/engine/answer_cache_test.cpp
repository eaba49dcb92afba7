// A runtime that gives answers again.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/report.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::errc;
using protocol::money;
using protocol::run_state;

namespace {

struct office {
  test::scratch_folder folder{"answer-cache"};
  std::string file = (folder.path() / "answers.db").string();

  static runtime_config config(cache_mode mode = cache_mode::read_write) {
    runtime_config config;
    config.simulated.latency_scale_permille = 0;
    config.log.level = log_level::off;
    config.cache.mode = mode;
    return config;
  }

  runtime open() const {
    auto with = config();
    with.cache.file = file;
    return make(std::move(with));
  }

  static runtime make(runtime_config with) {
    auto troupe = runtime::create(std::move(with));
    REQUIRE(troupe.has_value());
    return std::move(*troupe);
  }
};

protocol::mission one_task(const std::string& prompt = "Tell about the moon.") {
  auto mission = test::mission_for("");
  mission.tasks[0].prompt = prompt;
  return mission;
}

protocol::run_report done(runtime& troupe, const protocol::mission& mission) {
  auto report = troupe.run(mission);
  REQUIRE(report.has_value());
  REQUIRE(report->state == run_state::done);
  return std::move(*report);
}

} // namespace

TEST_CASE("a mission that is run again costs nothing and says what was saved",
          "[answer_cache]") {
  auto troupe = office::make(office::config());
  const auto first = done(troupe, one_task());
  CHECK(first.cost > money{});
  CHECK(first.cached_calls == 0);
  const auto second = done(troupe, one_task());
  CHECK(second.cost == money{});
  CHECK(second.saved == first.cost);
  CHECK(second.cached_calls == 1);
  CHECK(second.tasks[0].saved == first.cost);
  const auto text = to_text(second, troupe.callable_models());
  CHECK(text.find("1 answer given again") != std::string::npos);
  CHECK(second.tasks[0].output == first.tasks[0].output);
  CHECK(second.used == protocol::usage{});
  CHECK(troupe.account("default")->spent == first.cost);
}

TEST_CASE("without being asked for, no answer is given again",
          "[answer_cache]") {
  auto troupe = office::make(office::config(cache_mode::off));
  const auto first = done(troupe, one_task());
  const auto second = done(troupe, one_task());
  CHECK(second.cost == first.cost);
}

TEST_CASE("answers in a file are given again after a restart",
          "[answer_cache]") {
  const office it;
  money cost;
  {
    auto troupe = it.open();
    cost = done(troupe, one_task()).cost;
  }
  auto troupe = it.open();
  const auto again = done(troupe, one_task());
  CHECK(again.cost == money{});
  CHECK(again.saved == cost);
  CHECK(done(troupe, one_task("Tell about the sun.")).cost > money{});
}

TEST_CASE("another tenant does not get answers out of the file",
          "[answer_cache]") {
  const office it;
  {
    auto troupe = it.open();
    (void)done(troupe, one_task());
  }
  auto with = office::config();
  with.cache.file = it.file;
  with.tenant = "other";
  auto troupe = office::make(std::move(with));
  CHECK(done(troupe, one_task()).cost > money{});
}

TEST_CASE("a file that is no cache is told at the start", "[answer_cache]") {
  const office it;
  auto with = office::config();
  with.cache.file = it.folder.write("answers.db", std::string(200, 'x'));
  const auto troupe = runtime::create(with);
  REQUIRE_FALSE(troupe.has_value());
  CHECK(troupe.error().code == errc::config_invalid);
  with.cache.mode = cache_mode::off; // then nobody looks at it
  CHECK(runtime::create(with).has_value());
}

TEST_CASE("a cache whose file breaks while it is used costs its answers only",
          "[answer_cache]") {
  const office it;
  auto troupe = it.open();
  (void)done(troupe, one_task());
  for (const auto* more : {"", "-wal"})
    std::filesystem::resize_file(it.file + more, 0);
  CHECK(done(troupe, one_task("Tell about the sun.")).cost > money{});
  CHECK(done(troupe, one_task()).cost == money{}); // from memory
}
