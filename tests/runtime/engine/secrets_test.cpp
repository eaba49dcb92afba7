// G3: a provider's key shows nowhere but on the wire.
#include "engine/log_binding.hpp"
#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/runtime/engine_parts.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/scratch_folder.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <caf/all.hpp>

using namespace troupe;
using protocol::errc;
using protocol::run_state;
using protocol::task_state;
using test::canary_of;
using test::fake_upstream;

namespace {

/// A refusal that says the key again: in its message, its code and a header.
test::scripted_reply echo_of(const std::string& key) {
  return test::plain_reply(401,
                           R"({"error":{"message":"Incorrect API key: )" + key
                               + R"(.","type":"auth","code":")" + key
                               + R"("}})",
                           "application/json", "X-Key: " + key + "\r\n");
}

/// `bad` at openai, `good` at openrouter.
protocol::mission two_tasks() {
  auto mission = test::mission_for();
  auto good = mission.tasks[0];
  mission.tasks[0].id = "bad";
  good.id = "good";
  good.model = "openrouter/google/gemini-3.1-flash-lite";
  mission.tasks.push_back(good);
  return mission;
}

/// Takes all events; as one text, with the report.
std::string all_told_by(mission_run& run, protocol::run_report& report) {
  std::string told;
  while (const auto event = run.next_event(std::chrono::seconds{20}))
    told += boost::json::serialize(protocol::to_json(*event)) + "\n";
  report = run.wait();
  return told + boost::json::serialize(protocol::to_json(report));
}

void check_shows_no_key(const std::string& text) {
  for (const auto* provider : {"openai", "openrouter"}) {
    const auto key = canary_of(provider);
    for (std::size_t at = 0; at + 8 <= key.size(); ++at)
      CHECK(text.find(key.substr(at, 8)) == std::string::npos);
  }
}

/// A line in the log, so that an empty one does not pass for a clean one.
void make_a_line(engine& troupe) {
  const auto state = test::roles_of(troupe).get(&roles::state);
  test::kill(caf::actor_cast<caf::actor>(state));
  CHECK(test::eventually(
      [&] { return test::roles_of(troupe).get(&roles::state) != state; }));
}

} // namespace

TEST_CASE("G3: no log, event, report or record of a mission shows a key",
          "[providers]") {
  const test::scratch_folder folder{"secrets"};
  const auto log_file = folder.path() / "troupe.log";
  fake_upstream refusing;
  fake_upstream answering;
  refusing.will(echo_of(canary_of("openai")));
  answering.will(test::stream_reply(test::openai_stream()));
  auto config = test::config_with({test::provider_at(refusing, "openai"),
                                   test::provider_at(answering, "openrouter")});
  config.log = {log_level::debug, log_file.string()};
  config.history.enabled = true;
  {
    auto made = engine::start(std::move(config));
    REQUIRE(made.has_value());
    auto& troupe = **made;
    auto run = troupe.start_run(two_tasks(), {});
    REQUIRE(run.has_value());
    protocol::run_report report;
    const auto told = all_told_by(*run, report);
    CHECK(report.state == run_state::failed);
    CHECK(report.tasks[0].failure->code == errc::provider_unauthorized);
    CHECK(report.tasks[0].failure->detail.find("Incorrect API key: [redacted]")
          != std::string::npos);
    CHECK(report.tasks[1].state == task_state::done);
    check_shows_no_key(told);
    const auto recorded = troupe.messages({});
    REQUIRE(recorded.has_value());
    CHECK(recorded->messages.size() > 4);
    check_shows_no_key(boost::json::serialize(protocol::to_json(*recorded)));
    make_a_line(troupe);
  }
  // The keys were there to be shown.
  CHECK(refusing.requests()[0].find(canary_of("openai")) != std::string::npos);
  CHECK(answering.requests()[0].find(canary_of("openrouter"))
        != std::string::npos);
  REQUIRE(bind_log({log_level::off, {}}).has_value()); // closes the file
  const auto log = test::file_text(log_file);
  CHECK(log.find("child=state-store") != std::string::npos);
  check_shows_no_key(log);
}
