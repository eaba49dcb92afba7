// Many runs at one time.
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"

#include <troupe/testing/stage.hpp>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

protocol::mission one_task() {
  protocol::mission it{.name = "m"};
  it.agents = {{.card = {.name = "writer"}, .instructions = "You write."}};
  it.tasks.push_back({.id = "t", .agent = "writer", .prompt = "Write."});
  return it;
}

} // namespace

TEST_CASE("runs that begin at one instant do not take each other's answers",
          "[crowd]") {
  testing::stage stage;
  stage.model("writer").says("Done.").takes(1s).always();
  std::vector<mission_run> runs;
  for (int i = 0; i < 4; ++i) {
    auto run = stage.runtime().start(one_task());
    REQUIRE(run.has_value());
    runs.push_back(std::move(*run));
  }
  stage.advance(2s);
  for (auto& run : runs) {
    CHECK(run.is_finished());
    CHECK(run.wait().state == protocol::run_state::done);
  }
  CHECK(stage.calls().size() == 4);
}

TEST_CASE("a run that is cancelled takes none along that began with it",
          "[crowd]") {
  testing::stage stage;
  stage.model("writer").says("Done.").takes(1s).always();
  auto first = stage.runtime().start(one_task());
  auto other = stage.runtime().start(one_task());
  REQUIRE(first.has_value());
  REQUIRE(other.has_value());
  stage.advance(100ms);
  first->cancel("enough");
  CHECK(first->wait().state == protocol::run_state::cancelled);
  CHECK(other->wait().state == protocol::run_state::done);
  CHECK(stage.calls().size() == 2);
}

TEST_CASE("who is refused for want of room is told when to come again",
          "[crowd]") {
  runtime_config config;
  config.limits.runs = 1;
  testing::stage stage{1, config};
  stage.model("writer").says("Done.").takes(1s).always();
  auto run = stage.runtime().start(one_task());
  REQUIRE(run.has_value());
  protocol::duration before{};
  for (int i = 0; i < 3; ++i) {
    const auto refused = stage.runtime().start(one_task());
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == errc::overloaded);
    CHECK(refused.error().retry_after > before);
    before = refused.error().retry_after;
  }
  stage.advance(before);
  CHECK(stage.runtime().start(one_task()).has_value());
}
