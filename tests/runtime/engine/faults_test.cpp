// Every fault of a provider, alone and with somebody else to ask: how the call
// ends, what the ledger says then, and that nothing is left open.
#include "support/catch.hpp"
#include "support/runtime/faults.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using protocol::money;
using protocol::run_state;
using test::answer_form;
using test::fake_upstream;
using test::fault;

namespace {

/// Two models, the cheaper one at the provider `first`.
const std::string two_models = R"(models:
  - {id: first/a, provider: first, tier: expert, context_tokens: 100000,
     output_tokens: 8000, prices: {input: 1, output: 2}}
  - {id: second/b, provider: second, tier: expert, context_tokens: 100000,
     output_tokens: 8000, prices: {input: 3, output: 4}}
)";

/// The first provider fails as it is told, the second one answers.
class two_providers {
public:
  two_providers(const answer_form& form, const fault& it, bool has_second) {
    first_.will(it.reply);
    second_.will(test::stream_reply(test::openai_stream()));
    auto first = test::provider_at(first_, "first");
    first.kind = form.kind;
    first.answer_bytes_max = 20U << 20U;
    if (it.is_slow)
      limit_times(first);
    auto config = test::config_with({first});
    if (has_second)
      config.providers.push_back(test::provider_at(second_, "second"));
    config.catalogue = {folder_.write("models.yaml", two_models)};
    config.threads = 1;
    config.routing.attempts_max = has_second ? 2 : 1;
    auto made = runtime::create(config);
    REQUIRE(made.has_value());
    troupe_.emplace(std::move(*made));
  }

  /// Runs one task, and checks that nothing is left.
  protocol::run_report run() {
    auto mission = test::mission_for("");
    mission.tasks[0].timeout = 60s;
    auto report = troupe_->run(std::move(mission));
    REQUIRE(report.has_value());
    const auto tenant = troupe_->account("default");
    REQUIRE(tenant.has_value());
    CHECK(tenant->open_reservations == 0);
    CHECK(tenant->reserved == money{});
    CHECK(tenant->spent == report->cost);
    CHECK(tenant->unknown == report->cost_unknown);
    CHECK(tenant->overrun == money{});
    troupe_.reset(); // waits for all actors
    CHECK(first_.wait_for_quiet());
    CHECK(second_.wait_for_quiet());
    CHECK(first_.requests().size() == 1);
    return std::move(*report);
  }

  [[nodiscard]] std::size_t second_asked() { return second_.requests().size(); }

private:
  static void limit_times(provider_config& first) {
    auto& times = first.timeouts;
    times.first_byte = times.idle = times.first_piece = times.next_piece =
        200ms;
    first.pace = {1'000'000, 300ms};
  }

  const test::scratch_folder folder_{"faults"};
  fake_upstream first_;
  fake_upstream second_;
  std::optional<runtime> troupe_;
};

void check_alone(const answer_form& form, const fault& it) {
  INFO("alone");
  two_providers world{form, it, false};
  const auto report = world.run();
  REQUIRE(report.tasks[0].failure.has_value() == it.code.has_value());
  CHECK((report.cost_unknown > money{}) == (it.code && it.may_be_billed));
  if (!it.code) {
    CHECK(report.tasks[0].output == "Hello there");
    CHECK(report.used.prompt() == 20);
    CHECK(report.used.output == 3);
    return;
  }
  const auto& failure = *report.tasks[0].failure;
  CHECK(failure.code == *it.code);
  CHECK(failure.retry_after == it.wait);
  CHECK(failure.detail.find(test::canary_of("first")) == std::string::npos);
  CHECK(report.cost == report.cost_unknown);
}

void check_with_another(const answer_form& form, const fault& it) {
  INFO("with another");
  two_providers world{form, it, true};
  const auto report = world.run();
  const bool is_well = !it.code || !it.is_committed;
  CHECK(report.state == (is_well ? run_state::done : run_state::failed));
  CHECK(world.second_asked() == (it.code && !it.is_committed ? 1 : 0));
  CHECK((report.cost_unknown > money{}) == (it.code && it.may_be_billed));
  CHECK((report.cost > report.cost_unknown) == is_well);
  if (is_well)
    CHECK(report.tasks[0].output == "Hello there");
}

void check_all(const answer_form& form, const std::vector<fault>& faults) {
  for (const auto& it : faults) {
    CAPTURE(it.name, static_cast<int>(form.kind));
    check_alone(form, it);
    check_with_another(form, it);
  }
}

answer_form any_form() {
  return GENERATE(true, false) ? test::openai_form() : test::anthropic_form();
}

} // namespace

TEST_CASE("a refusal ends a call as its status says, asks another, and is "
          "released unless it may be billed",
          "[faults]") {
  check_all(test::openai_form(), test::refusals());
}

TEST_CASE("an error inside a 200 asks another unless a piece was told",
          "[faults]") {
  const auto form = any_form();
  check_all(form, test::hidden_errors(form));
}

TEST_CASE("an answer that is cut stays spent, and asks another unless a piece "
          "was told",
          "[faults]") {
  const auto form = any_form();
  check_all(form, test::cuts(form));
}

TEST_CASE("an answer that stops is given up, and asks another unless a piece "
          "was told",
          "[faults]") {
  const auto form = any_form();
  check_all(form, test::hangs(form));
}

TEST_CASE("what is above a bound ends the call at the bound", "[faults]") {
  const auto form = any_form();
  check_all(form, test::giants(form));
}

TEST_CASE("what is not HTTP is told as malformed", "[faults]") {
  check_all(test::openai_form(), test::framing(test::openai_form()));
}

TEST_CASE("what is no answer is told as malformed", "[faults]") {
  const auto form = any_form();
  check_all(form, test::garbage(form));
}

TEST_CASE("what is strange but an answer is one", "[faults]") {
  const auto form = any_form();
  check_all(form, test::oddities(form));
}
