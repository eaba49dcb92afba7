// A runtime that learns which models are good.
#include "learning/choice_file.hpp"
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::errc;
using protocol::run_state;

namespace {

struct school {
  test::scratch_folder folder{"learning"};
  std::string file = (folder.path() / "learned.db").string();

  [[nodiscard]] runtime_config config() const {
    runtime_config config;
    config.simulated.latency_scale_permille = 0;
    config.log.level = log_level::off;
    config.routing.learning.enabled = true;
    config.routing.learning.file = file;
    return config;
  }

  [[nodiscard]] runtime open() const { return open(config()); }

  static runtime open(runtime_config with) {
    auto troupe = runtime::create(std::move(with));
    REQUIRE(troupe.has_value());
    return std::move(*troupe);
  }

  [[nodiscard]] std::vector<kept_choice> choices() const {
    const auto opened = choice_file::open(file, false);
    REQUIRE(opened.has_value());
    auto found = (*opened)->newest(100, false);
    REQUIRE(found.has_value());
    return std::move(*found);
  }
};

protocol::task_record done(runtime& troupe, std::uint32_t words_min = 0) {
  auto mission = test::mission_for("");
  mission.tasks[0].gate.words_min = words_min;
  auto report = troupe.run(std::move(mission));
  REQUIRE(report.has_value());
  return report->tasks.at(0);
}

} // namespace

TEST_CASE("a program judges the call that a report names", "[learning]") {
  const school it;
  protocol::task_record task;
  {
    auto troupe = it.open();
    task = done(troupe);
    REQUIRE(task.last_call);
    const auto judged = troupe.judge(task.last_call, 800);
    REQUIRE(judged.has_value());
    CHECK(judged->model == task.model);
    CHECK(troupe.judge(task.last_call, 800).error().code
          == errc::invalid_request);
  }
  const auto kept = it.choices();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].what.call == task.last_call);
  CHECK(kept[0].what.model == task.model);
  CHECK(kept[0].what.cost == task.cost);
  CHECK(kept[0].what.quality_permille == 800U);
  CHECK(kept[0].at >= task.started);
}

TEST_CASE("gates judge by themselves unless they are told not to",
          "[learning]") {
  for (const bool gates : {true, false}) {
    CAPTURE(gates);
    const school it;
    {
      auto with = it.config();
      with.routing.learning.gates = gates;
      auto troupe = school::open(std::move(with));
      CHECK(done(troupe, 1).state == protocol::task_state::done);
      CHECK(done(troupe, 100'000).state == protocol::task_state::failed);
      // Comes to the router behind what the gates have told it.
      CHECK(troupe.judge({1, 1}, 0).error().code == errc::invalid_request);
    }
    std::vector<std::uint32_t> told;
    for (const auto& each : it.choices())
      if (each.what.quality_permille)
        told.push_back(*each.what.quality_permille);
    if (gates)
      CHECK(told == std::vector<std::uint32_t>{1'000, 0});
    else
      CHECK(told.empty());
  }
}

TEST_CASE("an answer is judged through the cache, but not one given again",
          "[learning]") {
  const school it;
  auto with = it.config();
  with.cache.mode = cache_mode::read_write;
  auto troupe = school::open(std::move(with));
  const auto first = done(troupe);
  const auto again = done(troupe);
  REQUIRE(again.cached_calls == 1);
  CHECK(troupe.judge(again.last_call, 10).error().code
        == errc::invalid_request);
  CHECK(troupe.judge(first.last_call, 10).has_value());
}

TEST_CASE("a runtime that learns nothing takes no judgements", "[learning]") {
  const school it;
  auto with = it.config();
  with.routing.learning.enabled = false;
  auto troupe = school::open(std::move(with));
  const auto task = done(troupe);
  CHECK(troupe.judge(task.last_call, 800).error().code
        == errc::invalid_request);
  CHECK_FALSE(std::filesystem::exists(it.file));
}

TEST_CASE("what the file says is learned at the start", "[learning]") {
  const school it;
  std::vector<choice_record> all;
  // By its tier alone the expert would be thought better.
  for (std::uint64_t i = 0; i < 400; ++i) {
    const bool is_expert = i % 2 == 1;
    actors::made_choice made;
    made.call = {7, i + 1};
    made.type = static_cast<actors::task_type>(i / 2 % actors::task_types);
    made.model = is_expert ? "simulated/expert" : "simulated/advanced";
    made.features.assign(16, '\0');
    all.push_back({{}, made});
    all.push_back(
        {{}, protocol::judge_answer{made.call, is_expert ? 0U : 1'000U}});
  }
  REQUIRE((*choice_file::open(it.file, true))->write(all).has_value());
  auto troupe = it.open();
  int advanced = 0;
  for (int i = 0; i < 20; ++i)
    advanced += done(troupe).model == "simulated/advanced" ? 1 : 0;
  CHECK(advanced >= 18);
}

TEST_CASE("a damaged file of choices is told at the start", "[learning]") {
  const school it;
  it.folder.write("learned.db", std::string(5'000, 'x'));
  const auto troupe = runtime::create(it.config());
  REQUIRE_FALSE(troupe.has_value());
  CHECK(troupe.error().code == errc::config_invalid);
  CHECK(troupe.error().detail.find("learned.db") != std::string::npos);
}
