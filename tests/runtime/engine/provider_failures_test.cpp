// A whole mission against a provider that misbehaves, over loopback.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/runtime.hpp"

#include <cstdlib>

using namespace troupe;
using protocol::errc;
using protocol::run_state;
using troupe::test::config_with;
using troupe::test::fake_upstream;
using troupe::test::mission_for;
using troupe::test::openai_end;
using troupe::test::openai_piece;
using troupe::test::openai_stream;
using troupe::test::plain_reply;
using troupe::test::provider_at;
using troupe::test::scripted_reply;
using troupe::test::stream_reply;

namespace {

runtime_config config_for(const fake_upstream& upstream) {
  auto provider = provider_at(upstream);
  provider.timeouts.first_byte = std::chrono::milliseconds{300};
  return config_with({provider});
}

/// `attempts` of the call; the task has one.
protocol::run_report run_against(const std::vector<scripted_reply>& script,
                                 std::uint32_t attempts = 1) {
  fake_upstream upstream;
  for (const auto& reply : script)
    upstream.will(reply);
  auto config = config_for(upstream);
  config.routing.attempts_max = attempts;
  auto troupe = runtime::create(config);
  REQUIRE(troupe.has_value());
  auto mission = mission_for();
  mission.tasks[0].attempts_max = 1;
  auto report = troupe->run(std::move(mission));
  REQUIRE(report.has_value());
  for (const auto& task : report->tasks)
    if (task.failure)
      CHECK(task.failure->detail.find("canary") == std::string::npos);
  const auto tenant = troupe->account("default");
  REQUIRE(tenant.has_value());
  CHECK(tenant->open_reservations == 0);
  CHECK(tenant->spent == report->cost);
  return std::move(*report);
}

} // namespace

TEST_CASE("a streamed answer is paid by the usage it states", "[providers]") {
  const auto report = run_against({stream_reply(openai_stream())});
  CHECK(report.state == run_state::done);
  CHECK_FALSE(report.simulated);
  CHECK(report.tasks[0].output == "Hello there");
  CHECK(report.used.input == 20);
  CHECK(report.used.output == 3);
  CHECK(report.cost > protocol::money{});
  CHECK(report.cost_unknown == protocol::money{});
}

TEST_CASE("a refused request fails its task and costs nothing", "[providers]") {
  const auto [status, code] =
      GENERATE(table<unsigned, errc>({{400U, errc::provider_rejected},
                                      {401U, errc::provider_unauthorized},
                                      {429U, errc::provider_throttled},
                                      {500U, errc::provider_unavailable},
                                      {503U, errc::provider_unavailable}}));
  const auto report = run_against({plain_reply(
      status, R"({"error":{"message":"no","type":"t","code":"c"}})")});
  CHECK(report.state == run_state::failed);
  CHECK(report.tasks[0].failure->code == code);
  CHECK(report.cost == protocol::money{});
}

TEST_CASE("a cut stream fails its task and stays spent as unknown",
          "[providers]") {
  const auto report = run_against({stream_reply(openai_piece("Hel"), true)});
  CHECK(report.tasks[0].failure->code == errc::stream_truncated);
  CHECK(report.cost > protocol::money{});
  CHECK(report.cost_unknown == report.cost);
}

TEST_CASE("garbage in place of an answer fails its task", "[providers]") {
  const auto report = run_against({plain_reply(200, "<html>oops</html>")});
  CHECK(report.tasks[0].failure->code == errc::provider_malformed);
}

TEST_CASE("a provider that says nothing is given up", "[providers]") {
  const auto report = run_against({});
  CHECK(report.tasks[0].failure->code == errc::provider_timeout);
  CHECK(report.cost_unknown == report.cost);
}

TEST_CASE("an answer without usage is paid by an estimate", "[providers]") {
  const auto report = run_against(
      {stream_reply(openai_piece("Hello there") + openai_end(0, 0))});
  CHECK(report.state == run_state::done);
  CHECK(report.used.source == protocol::usage_source::estimated);
  CHECK(report.used.output > 0);
  CHECK(report.cost > protocol::money{});
}

TEST_CASE("a call is tried again after a provider was down", "[providers]") {
  const auto report =
      run_against({plain_reply(503, "{}"), stream_reply(openai_stream())}, 3);
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[0].attempts == 1);
}

TEST_CASE(
    "C5: a mission whose provider is down makes as many calls as one call "
    "may have attempts",
    "[providers]") {
  fake_upstream upstream;
  for (int i = 0; i < 20; ++i)
    upstream.will(plain_reply(500, "{}"));
  auto config = config_for(upstream);
  config.routing.attempts_max = 4;
  auto troupe = runtime::create(config);
  REQUIRE(troupe.has_value());
  auto mission = mission_for();
  mission.tasks[0].attempts_max = 5;
  const auto report = troupe->run(std::move(mission));
  REQUIRE(report.has_value());
  CHECK(report->tasks[0].failure->code == errc::provider_unavailable);
  CHECK(upstream.requests().size() == 4);
}

TEST_CASE("a key in the environment alone calls no real model", "[providers]") {
  ::setenv("OPENAI_API_KEY", "sk-canary-0123456789", 1);
  auto troupe = runtime::create();
  ::unsetenv("OPENAI_API_KEY");
  REQUIRE(troupe.has_value());
  for (const auto& it : troupe->callable_models())
    CHECK(it.pinned_only == (it.provider != "simulated"));
}

TEST_CASE("a configured provider without its key is an error", "[providers]") {
  runtime_config config;
  config.providers.front().is_preset = false;
  config.providers.front().api_key_env = "TROUPE_TEST_NO_SUCH_KEY";
  const auto troupe = runtime::create(config);
  REQUIRE(troupe.has_error());
  CHECK(troupe.error().code == errc::provider_unauthorized);
}

TEST_CASE("once a provider is configured its models are chosen freely",
          "[providers]") {
  const fake_upstream upstream;
  auto config = config_for(upstream);
  for (auto& preset : default_providers())
    if (preset.kind == provider_kind::simulated)
      config.providers.push_back(preset);
  const auto troupe = runtime::create(config);
  REQUIRE(troupe.has_value());
  for (const auto& it : troupe->callable_models())
    CHECK(it.pinned_only == (it.provider == "simulated"));
}
