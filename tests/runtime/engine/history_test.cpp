#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <cstdlib>

using namespace troupe;
using protocol::errc;
using protocol::find_messages;
using protocol::message_kind;

namespace {

constexpr auto secret = "tulip-garden-42";

runtime_config recording() {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.history.enabled = true;
  config.history.secrets_env = {"TROUPE_TEST_HISTORY_SECRET"};
  return config;
}

protocol::mission one_task() {
  protocol::mission mission;
  mission.name = "m";
  mission.agents = {{.card = {.name = "writer", .skills = {"write"}},
                     .instructions = "You write."}};
  mission.tasks.push_back(
      {.id = "t", .agent = "writer", .prompt = std::string("Tell ") + secret});
  return mission;
}

std::vector<protocol::recorded_message> all_of(const runtime& host,
                                               find_messages ask) {
  std::vector<protocol::recorded_message> all;
  for (;;) {
    auto page = host.messages(ask);
    REQUIRE(page.has_value());
    for (auto& it : page->messages)
      all.push_back(std::move(it));
    if (!page->has_more)
      return all;
    ask.after = page->reached;
  }
}

} // namespace

TEST_CASE("a run's messages are found, without its secrets", "[history]") {
  REQUIRE(setenv("TROUPE_TEST_HISTORY_SECRET", secret, 1) == 0);
  auto host = runtime::create(recording());
  REQUIRE(host.has_value());
  const auto report = host->run(one_task());
  REQUIRE(report.has_value());
  REQUIRE(report->state == protocol::run_state::done);
  find_messages ask;
  ask.conversation = report->run;
  ask.count_max = 3; // pages
  const auto all = all_of(*host, ask);
  std::size_t calls = 0;
  for (const auto& it : all) {
    CHECK(it.head.conversation == report->run);
    CHECK(to_line(it).find(secret) == std::string::npos);
    calls += it.type == "model_reply" ? 1 : 0;
  }
  CHECK(calls > 0);
  ask.agent = "writer";
  ask.kind = message_kind::request;
  ask.type = "perform_task";
  const auto asked = all_of(*host, ask);
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].body.find("Tell [redacted]") != std::string::npos);
}

TEST_CASE("without history.enabled nothing is recorded", "[history]") {
  auto config = recording();
  config.history.enabled = false;
  auto host = runtime::create(config);
  REQUIRE(host.has_value());
  const auto page = host->messages();
  REQUIRE_FALSE(page.has_value());
  CHECK(page.error().code == errc::invalid_request);
}
