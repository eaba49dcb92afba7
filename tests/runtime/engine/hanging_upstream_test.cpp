// Missions whose provider takes the call and then falls silent. Nothing in
// these tests but a cancel or a task's own timeout may end the call.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;
using protocol::event_kind;
using protocol::money;
using protocol::run_state;
using protocol::task_state;
using test::comes_to;
using test::fake_upstream;
using test::mission_for;
using test::openai_piece;
using test::scripted_reply;

namespace {

runtime troupe_at(const fake_upstream& upstream) {
  auto made = runtime::create(test::config_with({test::provider_at(upstream)}));
  REQUIRE(made.has_value());
  return std::move(*made);
}

/// One piece, long enough to be told as progress; then nothing any more.
scripted_reply half_a_stream() {
  auto reply = test::stream_reply(openai_piece(std::string(300, 'a')), true);
  reply.then = scripted_reply::end::hang;
  return reply;
}

/// B4: what nobody knows stays spent, all that was set aside, and once.
void check_kept_as_spent(const runtime& troupe, money set_aside) {
  REQUIRE(set_aside > money{});
  REQUIRE(test::eventually(
      [&] { return troupe.account("default")->open_reservations == 0; }));
  const auto tenant = troupe.account("default");
  CHECK(tenant->reserved == money{});
  CHECK(tenant->spent == set_aside);
  CHECK(tenant->unknown == set_aside);
}

/// A cancelled run is reported when its calls are settled, and not before.
void check_reported(const protocol::run_report& report, money set_aside) {
  CHECK(report.state == run_state::cancelled);
  CHECK(report.failure->code == errc::cancelled);
  CHECK(report.failure->detail == "enough");
  CHECK(report.tasks[0].state == task_state::cancelled);
  CHECK(report.tasks[0].output.empty());
  CHECK(report.cost == set_aside);
  CHECK(report.cost_unknown == set_aside);
}

money set_aside_in(const runtime& troupe) {
  const auto tenant = troupe.account("default");
  REQUIRE(tenant.has_value());
  CHECK(tenant->open_reservations == 1);
  CHECK(tenant->spent == money{});
  return tenant->reserved;
}

/// The run waits for its provider: a cancel ends the call, which stays spent.
void check_cancel(mission_run& run, const runtime& troupe,
                  fake_upstream& upstream) {
  const auto set_aside = set_aside_in(troupe);
  CHECK(upstream.closed() == 0);
  run.cancel("enough");
  CHECK(upstream.wait_for_closed(1));
  check_reported(run.wait(), set_aside);
  check_kept_as_spent(troupe, set_aside);
}

} // namespace

TEST_CASE("R5: a cancel closes the socket of a provider that never answers",
          "[providers]") {
  fake_upstream upstream;
  auto troupe = troupe_at(upstream);
  auto run = troupe.start(mission_for());
  REQUIRE(run.has_value());
  REQUIRE(upstream.wait_for_requests(1));
  check_cancel(*run, troupe, upstream);
}

TEST_CASE("R5: a cancel in the middle of a stream closes its socket",
          "[providers]") {
  fake_upstream upstream;
  upstream.will(half_a_stream());
  auto troupe = troupe_at(upstream);
  auto run = troupe.start(mission_for());
  REQUIRE(run.has_value());
  REQUIRE(comes_to(*run, event_kind::task_progress));
  check_cancel(*run, troupe, upstream);
}

TEST_CASE("a task's timeout closes the socket of a provider that hangs",
          "[providers]") {
  const auto reply =
      GENERATE(scripted_reply{{}, scripted_reply::end::hang}, half_a_stream());
  fake_upstream upstream;
  upstream.will(reply);
  auto troupe = troupe_at(upstream);
  auto mission = mission_for();
  mission.tasks[0].timeout = 2s;
  auto run = troupe.start(mission);
  REQUIRE(run.has_value());
  REQUIRE(upstream.wait_for_requests(1));
  CHECK(upstream.wait_for_closed(1));
  const auto report = run->wait();
  CHECK(report.state == run_state::failed);
  CHECK(report.tasks[0].state == task_state::failed);
  CHECK(report.tasks[0].failure->code == errc::deadline_exceeded);
  CHECK(report.cost > protocol::money{});
  CHECK(report.cost_unknown == report.cost);
  check_kept_as_spent(troupe, report.cost);
}
