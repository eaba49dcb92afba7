// `tokens.ranks` all the way from the configuration to the report.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/runtime/rank_files.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"
#include "troupe/runtime/tokens.hpp"

#include <troupe/actors/conversation.hpp>

using namespace troupe;

namespace {

protocol::mission counted_mission() {
  auto mission = test::mission_for("simulated/basic");
  // Scripts that change within a line: the weak spot of the estimate.
  mission.tasks[0].prompt =
      "Überprüfe: 価格は€12,50です; naïve λx.x → Москва 3.14159, "
      "xQzJvKpW0987654321 und 漢字かな交じり文 \xF0\x9F\x8C\x8A.";
  return mission;
}

/// What a model reads in the mission's only call.
std::uint64_t tokens_of(const protocol::mission& mission,
                        const protocol::token_counter& counter) {
  protocol::perform_task body;
  body.prompt = mission.tasks[0].prompt;
  const actors::conversation talk{mission.agents[0], {}, body};
  return protocol::estimate_prompt_tokens(talk.call(), counter);
}

std::uint64_t reported_input(const tokens_config& tokens) {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.tokens = tokens;
  auto troupe = runtime::create(config);
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(counted_mission());
  REQUIRE(report.has_value());
  REQUIRE(report->tasks[0].model_calls == 1);
  CHECK(report->used.source == protocol::usage_source::reported);
  CHECK(report->used.input == report->tasks[0].used.input);
  return report->used.input;
}

} // namespace

TEST_CASE("a configured rank file makes a run's input tokens exact",
          "[tokens]") {
  const auto ranks = test::rank_file_text("o200k_base");
  if (!ranks) {
    WARN("skipped: no rank file o200k_base");
    return;
  }
  const test::scratch_folder folder{"exact-tokens"};
  const auto file = folder.write("o200k_base.tiktoken", *ranks);
  const auto exact = load_token_counter(file, token_split::o200k);
  REQUIRE(exact.has_value());
  const auto mission = counted_mission();
  const auto counted = tokens_of(mission, **exact);
  const auto guessed = tokens_of(mission, protocol::token_estimator{});
  REQUIRE(counted != guessed);
  CHECK(reported_input({{{"o200k", file}}}) == counted);
  CHECK(reported_input({}) == guessed);
}
