// A running engine from which a role is taken away.
#include "support/catch.hpp"
#include "support/runtime/engine_parts.hpp"
#include "support/runtime/provider_mission.hpp"

#include <caf/all.hpp>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;
using protocol::money;
using protocol::run_state;
using test::fake_upstream;
using test::kill;
using test::roles_of;
using test::root_of;

namespace {

constexpr std::array<std::string_view, 8> role_names{
    "budget manager", "registry", "provider",    "router",
    "cascade",        "agents",   "state store", "topic hub"};

/// The roles in the order in which they are started.
std::vector<caf::actor> roles_in_order(engine& from,
                                       const std::string& provider) {
  const auto plain = [](const auto& handle) {
    return caf::actor_cast<caf::actor>(handle);
  };
  auto& all = roles_of(from);
  return {plain(all.get(&roles::budget)),
          plain(all.get(&roles::registry)),
          plain(all.get(&roles::providers).at(provider)),
          plain(all.get(&roles::router)),
          plain(all.get(&roles::cascade)),
          plain(all.get(&roles::agents)),
          plain(all.get(&roles::state)),
          plain(all.get(&roles::topics))};
}

std::unique_ptr<engine> simulated_engine() {
  runtime_config config;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.providers = {};
  for (auto& preset : default_providers())
    if (preset.kind == provider_kind::simulated)
      config.providers.push_back(preset);
  auto made = engine::start(std::move(config));
  REQUIRE(made.has_value());
  return std::move(*made);
}

std::unique_ptr<engine> engine_at(const fake_upstream& upstream) {
  auto made = engine::start(test::config_with({test::provider_at(upstream)}));
  REQUIRE(made.has_value());
  return std::move(*made);
}

/// The cost of a mission that must go well.
money cost_of_mission(engine& at) {
  auto run = at.start_run(test::mission_for("simulated/basic"), {});
  REQUIRE(run.has_value());
  const auto report = run->wait();
  CHECK(report.state == run_state::done);
  CHECK(report.cost > money{});
  return report.cost;
}

} // namespace

TEST_CASE("a dead role takes those after it along, and the next mission works",
          "[runtime]") {
  const auto dead = GENERATE(range<std::size_t>(1, role_names.size()));
  CAPTURE(role_names.at(dead));
  const auto troupe = simulated_engine();
  const auto first = cost_of_mission(*troupe);
  const auto before = roles_in_order(*troupe, "simulated");
  kill(before[dead]);
  REQUIRE(test::eventually([&] {
    return roles_in_order(*troupe, "simulated").back() != before.back();
  }));
  const auto after = roles_in_order(*troupe, "simulated");
  for (std::size_t i = 0; i < after.size(); ++i) {
    CAPTURE(role_names.at(i));
    CHECK((after[i] == before[i]) == (i < dead));
  }
  REQUIRE(test::agents_are_back(*troupe));
  const auto second = cost_of_mission(*troupe);
  // The ledger has lived through it all.
  const auto tenant = troupe->ledger().account("default");
  REQUIRE(tenant.has_value());
  CHECK(tenant->spent == first + second);
  CHECK(tenant->open_reservations == 0);
}

TEST_CASE("a run whose router dies under it ends, and the next one works",
          "[runtime]") {
  fake_upstream upstream;
  upstream.will({{}, test::scripted_reply::end::hang});
  upstream.will(test::stream_reply(test::openai_stream()));
  auto troupe = engine_at(upstream);
  auto lost = troupe->start_run(test::mission_for(), {});
  REQUIRE(lost.has_value());
  REQUIRE(upstream.wait_for_requests(1));
  const auto before = roles_in_order(*troupe, "openai");
  const auto set_aside = troupe->ledger().account("default")->reserved;
  kill(before[3]);
  const auto report = lost->wait();
  CHECK(report.state == run_state::failed);
  CHECK(report.tasks[0].failure->code == errc::unreachable);
  // B4: what the lost call may have cost is kept as spent.
  CHECK(report.cost == set_aside);
  CHECK(report.cost_unknown == set_aside);
  REQUIRE(test::eventually([&] {
    return roles_in_order(*troupe, "openai").back() != before.back();
  }));
  REQUIRE(test::agents_are_back(*troupe));
  auto next = troupe->start_run(test::mission_for(), {});
  REQUIRE(next.has_value());
  const auto good = next->wait();
  CHECK(good.state == run_state::done);
  CHECK(good.tasks[0].output == "Hello there");
  const auto tenant = troupe->ledger().account("default");
  CHECK(tenant->open_reservations == 0);
  CHECK(tenant->spent == set_aside + good.cost);
}

TEST_CASE("without its ledger the tree ends, and all calls say so",
          "[runtime]") {
  fake_upstream upstream;
  auto troupe = engine_at(upstream);
  auto run = troupe->start_run(test::mission_for(), {});
  REQUIRE(run.has_value());
  REQUIRE(upstream.wait_for_requests(1));
  const auto root = root_of(*troupe);
  caf::scoped_actor self{root.home_system()};
  self->monitor(root);
  kill(caf::actor_cast<caf::actor>(roles_of(*troupe).get(&roles::budget)));
  std::optional<protocol::error> why;
  self->receive(
      [&](const caf::down_msg& end) { why = actors::from_caf(end.reason); },
      caf::after(20s) >> [] {});
  REQUIRE(why.has_value());
  CHECK(upstream.wait_for_closed(1));
  REQUIRE(test::comes_to(*run, protocol::event_kind::run_finished));
  const auto report = run->wait();
  CHECK(report.state == run_state::failed);
  REQUIRE(report.failure.has_value());
  CHECK(report.failure->code == errc::runtime_ended);
  const auto code_of = [](const auto& outcome) {
    return outcome.has_error() ? outcome.error().code : errc::internal;
  };
  CHECK(code_of(troupe->start_run(test::mission_for(), {}))
        == errc::unreachable);
  CHECK(code_of(troupe->ledger().account("default")) == errc::unreachable);
  CHECK(code_of(troupe->publish({"a.b", "1"}, "me")) == errc::unreachable);
  CHECK(code_of(troupe->follow("a.b", {})) == errc::unreachable);
  CHECK(code_of(troupe->broadcast({}, "me")) == errc::unreachable);
  CHECK(code_of(troupe->state().read("key")) == errc::unreachable);
  CHECK(code_of(troupe->state().put("key", "1")) == errc::unreachable);
  auto other = test::mission_for().agents[0];
  other.card.name = "other";
  CHECK(code_of(troupe->add_model_agent(other)) == errc::unreachable);
}
