#include "cascade_hop.hpp"

#include "measure.hpp"

#include <troupe/actors/cascade.hpp>
#include <troupe/actors/clock.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

#include <string>
#include <vector>

namespace troupe::benchmarks {

namespace {

using call = protocol::request<protocol::model_call>;
using reply = protocol::response<protocol::model_reply>;
using cancel = protocol::coordination<protocol::cancel>;
using delta = protocol::notification<protocol::model_delta>;

actors::router_actor::behavior_type answer_all(actors::router_actor::pointer) {
  return {[](const call& asked) {
            reply it;
            it.head = answer_to(asked.head, {9, 9});
            it.body.model = "cheap";
            it.body.content = {protocol::text_part{std::string(600, 'y')}};
            return it;
          },
          [](const cancel&) {},
          [](const protocol::request<protocol::judge_answer>&) {
            return protocol::response<protocol::answer_judged>{};
          },
          [](const delta&) {
          }};
}

call call_of(bool is_planned) {
  call it;
  it.head.message = {1, 1};
  it.body.level = protocol::tier::expert;
  it.body.account = "tenant/mission/task";
  it.body.stream = false;
  it.body.messages = {{protocol::chat_role::user,
                       {protocol::text_part{std::string(1'000, 'x')}}}};
  if (is_planned) {
    it.body.terms.cascade = protocol::cascade_plan{};
    it.body.terms.cascade->check = protocol::answer_check::form;
  }
  return it;
}

/// Asks so many times, one after the other.
class asker : public caf::event_based_actor {
public:
  asker(caf::actor_config& cfg, actors::router_actor whom, std::int64_t count,
        bool is_planned, caf::actor boss)
      : caf::event_based_actor(cfg), whom_(std::move(whom)), left_(count),
        is_planned_(is_planned), boss_(std::move(boss)) {}

  caf::behavior make_behavior() override {
    return {[this](caf::ok_atom) {
      next();
    }};
  }

private:
  void next() {
    if (left_-- == 0) {
      send(boss_, caf::ok_atom::value);
      return quit();
    }
    request(whom_, caf::infinite, call_of(is_planned_))
        .then([this](const reply&) { next(); },
              [](const caf::error&) { wrong("a call failed"); });
  }

  actors::router_actor whom_;
  std::int64_t left_;
  bool is_planned_;
  caf::actor boss_;
};

/// Microseconds of a call.
double time_of(caf::actor_system& system, const actors::router_actor& whom,
               std::int64_t count, bool is_planned) {
  caf::scoped_actor self{system};
  const auto begin = seconds_now();
  self->send(system.spawn<asker>(whom, count, is_planned,
                                 caf::actor_cast<caf::actor>(self)),
             caf::ok_atom::value);
  self->receive([](caf::ok_atom) {});
  return 1e6 * (seconds_now() - begin) / static_cast<double>(count);
}

} // namespace

void measure_cascade_hop(std::int64_t rounds, std::int64_t calls) {
  actors::system_config config{1};
  caf::actor_system system{config};
  const actors::router_actor router = system.spawn(answer_all);
  actors::cascade_config with;
  with.router = router;
  protocol::model_spec model;
  model.id = "cheap";
  with.models = {model};
  with.clock = actors::make_wall_clock(system);
  const auto cascade = actors::spawn_cascade(system, with);
  std::vector<double> direct, through, planned;
  for (std::int64_t i = 0; i < rounds; ++i) {
    direct.push_back(time_of(system, router, calls, false));
    through.push_back(time_of(system, cascade, calls, false));
    planned.push_back(time_of(system, cascade, calls, true));
  }
  print_row("a call at the router", spread_of(direct), "us");
  print_row("the same through a cascade, no plan", spread_of(through), "us");
  print_row("the same with a plan, first answer taken", spread_of(planned),
            "us");
  caf::anon_send_exit(cascade, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
}

} // namespace troupe::benchmarks
