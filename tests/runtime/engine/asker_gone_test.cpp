// The agent that asked is gone, or the provider says little of what it used.
#include "support/catch.hpp"
#include "support/runtime/engine_parts.hpp"
#include "support/runtime/faults.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/runtime.hpp"

#include <caf/all.hpp>

using namespace troupe;
using protocol::money;
using protocol::usage_source;
using test::fake_upstream;
using test::openai_piece;

TEST_CASE("R5: when the agent that asked ends in the middle of a stream, its "
          "socket is closed and its money stays spent",
          "[providers]") {
  fake_upstream upstream;
  auto half = test::stream_reply(openai_piece(std::string(300, 'a')), true);
  half.then = test::scripted_reply::end::hang;
  upstream.will(half);
  auto made = engine::start(test::config_with({test::provider_at(upstream)}));
  REQUIRE(made.has_value());
  auto& troupe = **made;
  auto run = troupe.start_run(test::mission_for(), {});
  REQUIRE(run.has_value());
  REQUIRE(test::comes_to(*run, protocol::event_kind::task_progress));
  const auto set_aside = troupe.ledger().account("default")->reserved;
  REQUIRE(set_aside > money{});
  CHECK(upstream.closed() == 0);
  test::kill(
      caf::actor_cast<caf::actor>(test::roles_of(troupe).get(&roles::agents)));
  CHECK(upstream.wait_for_closed(1));
  CHECK(run->wait().state == protocol::run_state::failed);
  REQUIRE(test::eventually([&] {
    return troupe.ledger().account("default")->open_reservations == 0;
  }));
  CHECK(troupe.ledger().account("default")->unknown == set_aside);
}

TEST_CASE("an answer whose usage cannot be true is paid by what it holds",
          "[providers]") {
  const std::string usage =
      GENERATE("", R"({"prompt_tokens":0,"completion_tokens":0})",
               R"({"prompt_tokens":-20,"completion_tokens":-3})",
               R"({"prompt_tokens":20,"completion_tokens":0})",
               R"({"prompt_tokens":20,"completion_tokens":1e300})");
  CAPTURE(usage);
  fake_upstream upstream;
  auto events = openai_piece("Hello there")
                + R"(data: {"choices":[{"index":0,"delta":{},)"
                  R"("finish_reason":"stop"}]})"
                + "\n\n";
  if (!usage.empty())
    events += R"(data: {"choices":[],"usage":)" + usage + "}\n\n";
  upstream.will(test::stream_reply(events + "data: [DONE]\n\n"));
  auto troupe =
      runtime::create(test::config_with({test::provider_at(upstream)}));
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(test::mission_for());
  REQUIRE(report.has_value());
  CHECK(report->state == protocol::run_state::done);
  CHECK(report->used.source == usage_source::estimated);
  CHECK(report->used.prompt() > 0);
  CHECK(report->used.output > 0);
  CHECK(report->cost > money{});
  const auto tenant = troupe->account("default");
  CHECK(tenant->spent == report->cost);
  CHECK(tenant->unknown == money{});
  CHECK(tenant->overrun == money{});
}
