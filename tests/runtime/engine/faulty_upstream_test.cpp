// Missions whose provider cannot be trusted, or sends what is no answer.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "support/runtime/test_certificate.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::errc;
using protocol::money;
using protocol::run_state;
using protocol::task_state;
using test::certificate_wish;
using test::fake_upstream;
using test::openai_piece;
using test::scripted_reply;
using test::test_certificate;

namespace {

/// Runs one task at `upstream` and checks that no money is left in between.
protocol::run_report run_at(const provider_config& provider,
                            fake_upstream& upstream) {
  auto troupe = runtime::create(test::config_with({provider}));
  REQUIRE(troupe.has_value());
  auto report = troupe->run(test::mission_for());
  REQUIRE(report.has_value());
  const auto tenant = troupe->account("default");
  REQUIRE(tenant.has_value());
  CHECK(tenant->open_reservations == 0);
  CHECK(tenant->reserved == money{});
  CHECK(tenant->spent == report->cost);
  CHECK(tenant->unknown == report->cost_unknown);
  if (report->state == run_state::failed)
    CHECK(upstream.wait_for_closed(1));
  return std::move(*report);
}

/// Over TLS, with the server's own certificate as authority.
protocol::run_report run_with(const test_certificate& cert,
                              fake_upstream& upstream) {
  auto provider = test::provider_at(upstream);
  provider.ca_file = cert.file();
  return run_at(provider, upstream);
}

/// A stream that is left open after `events`: only what they say may end it.
scripted_reply open_stream(const std::string& events) {
  auto reply = test::stream_reply(events, true);
  reply.then = scripted_reply::end::hang;
  return reply;
}

protocol::run_report run_with(const scripted_reply& reply) {
  fake_upstream upstream;
  upstream.will(reply);
  return run_at(test::provider_at(upstream), upstream);
}

} // namespace

TEST_CASE("an expired certificate fails the task before a word is sent",
          "[providers]") {
  const test_certificate cert{{"127.0.0.1", -7200, -3600}};
  fake_upstream upstream{cert.server()};
  upstream.will(test::stream_reply(test::openai_stream()));
  const auto report = run_with(cert, upstream);
  CHECK(report.state == run_state::failed);
  REQUIRE(report.tasks[0].failure.has_value());
  CHECK(report.tasks[0].failure->code == errc::tls_untrusted);
  CHECK(report.tasks[0].failure->detail.find("expired") != std::string::npos);
  CHECK(report.cost == money{});
  CHECK(upstream.requests().empty());
}

TEST_CASE("a certificate of a configured authority carries a mission",
          "[providers]") {
  const test_certificate cert;
  fake_upstream upstream{cert.server()};
  upstream.will(test::stream_reply(test::openai_stream()));
  const auto report = run_with(cert, upstream);
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[0].output == "Hello there");
}

TEST_CASE("garbage inside a stream fails its task at once and stays spent",
          "[providers]") {
  const std::string garbage = GENERATE(
      "data: {\"choices\":[{\"index\":0,\n\n", "data: <html>oops</html>\n\n",
      "data: [1,2,3]\n\n", "data: null\n\n", "data: \xff\xfe\n\n");
  CAPTURE(garbage);
  const auto report = run_with(open_stream(openai_piece("Hel") + garbage));
  CHECK(report.state == run_state::failed);
  CHECK(report.tasks[0].state == task_state::failed);
  REQUIRE(report.tasks[0].failure.has_value());
  CHECK(report.tasks[0].failure->code == errc::provider_malformed);
  CHECK(report.tasks[0].failure->detail == "an event that is not JSON");
  CHECK(report.tasks[0].output.empty());
  CHECK(report.cost > money{});
  CHECK(report.cost_unknown == report.cost);
}

TEST_CASE("an event without an end is cut off at its limit", "[providers]") {
  const std::string endless = "data: " + std::string((1U << 20U) + 1, 'x');
  const auto report = run_with(open_stream(openai_piece("Hel") + endless));
  CHECK(report.tasks[0].failure->code == errc::provider_malformed);
  CHECK(report.cost_unknown == report.cost);
}

TEST_CASE("garbage between the chunks of a stream fails its task at once",
          "[providers]") {
  auto reply = open_stream(openai_piece("Hel"));
  reply.bytes += "not a chunk's size\r\n";
  const auto report = run_with(reply);
  CHECK(report.tasks[0].failure->code == errc::provider_malformed);
  CHECK(report.cost > money{});
  CHECK(report.cost_unknown == report.cost);
}

TEST_CASE("lines that are no events are passed over in a stream",
          "[providers]") {
  const std::string noise = ": a comment\nretry: 5\n\x01\x02 noise\n\n";
  const auto report = run_with(open_stream(noise + openai_piece("Hello") + noise
                                           + test::openai_end(20, 3)));
  CHECK(report.state == run_state::done);
  CHECK(report.tasks[0].output == "Hello");
  CHECK(report.used.input == 20);
  CHECK(report.cost_unknown == money{});
}
