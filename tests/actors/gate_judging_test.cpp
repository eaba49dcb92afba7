// What gates say of models' answers, for the router to learn from.
#include "support/actors/run_world.hpp"
#include "support/actors/show_result.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using protocol::judge_answer;
using test::run_world;

namespace {

constexpr protocol::id first_call{4, 1};
constexpr protocol::id second_call{4, 2};

/// A run of one task whose answers must mention the moon.
struct judged_run : run_world {
  explicit judged_run(bool learns = true, bool has_gate = true) {
    auto& it = task("say", "ann");
    it.attempts_max = 2;
    if (has_gate)
      it.gate.must_mention = {"moon"};
    if (learns)
      learner = spawn_spy(world, notes);
    start();
  }

  void says(std::size_t at, const std::string& what, protocol::id call) {
    auto result = text(what);
    result.last_call = call;
    agent_says("ann", at, std::move(result));
  }

  std::shared_ptr<test::provider_spy> notes =
      std::make_shared<test::provider_spy>();
};

using judgements = std::vector<judge_answer>;

} // namespace

TEST_CASE("an answer that passes its gate at once is judged good",
          "[gate_judging]") {
  judged_run it;
  it.says(0, "The moon.", first_call);
  CHECK(it.notes->judged == judgements{{first_call, 1'000}});
  CHECK(it.sink->report.tasks[0].last_call == first_call);
}

TEST_CASE("one that fails is judged bad, and the next, which was told why, "
          "is judged only when it fails too",
          "[gate_judging]") {
  judged_run it;
  it.says(0, "The sun.", first_call);
  CHECK(it.notes->judged == judgements{{first_call, 0}});
  SECTION("it passes") {
    it.says(1, "The moon.", second_call);
    CHECK(it.notes->judged.size() == 1);
  }
  SECTION("it fails") {
    it.says(1, "A star.", second_call);
    CHECK(it.notes->judged == judgements{{first_call, 0}, {second_call, 0}});
  }
}

TEST_CASE("without a gate, a model or anybody who learns nothing is judged",
          "[gate_judging]") {
  judged_run ungated{true, false};
  ungated.says(0, "The moon.", first_call);
  CHECK(ungated.notes->judged.empty());
  judged_run code;
  code.says(0, "The moon.", {}); // no model was asked
  CHECK(code.notes->judged.empty());
  judged_run unheard{false};
  unheard.says(0, "The moon.", first_call);
  CHECK(unheard.sink->report.state == protocol::run_state::done);
  CHECK(unheard.notes->judged.empty());
}

TEST_CASE("an answer that comes too late is not judged", "[gate_judging]") {
  judged_run it;
  it.world.advance(5min); // the task's time-out: the next attempt begins
  it.says(0, "The moon.", first_call);
  CHECK(it.notes->judged.empty());
}

TEST_CASE("an attempt that fails without an answer is not judged",
          "[gate_judging]") {
  judged_run it;
  it.agent_says("ann", 0, protocol::fail(protocol::errc::agent_failed, "no"));
  CHECK(it.notes->judged.empty());
}
