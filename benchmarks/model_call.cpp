// What does troupe add to a model call?
//
// An endpoint on loopback, in a process of its own, answers 2 KB to 1 KB, whole
// and as a stream of events. Bare Beast on kept connections is the floor;
// troupe is the whole way of a call: router, reservation, provider, codec,
// settlement, with the ledger in memory and without TLS. Rounds take turns.
// Then: how long from a cancel until the provider's socket is closed.
#include "loopback_model.hpp"
#include "measure.hpp"
#include "providers/http_provider.hpp"

#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/router.hpp>
#include <troupe/actors/system_config.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>
#include <unordered_map>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;
namespace providers = troupe::providers;

using call_request = protocol::request<protocol::model_call>;
using call_response = protocol::response<protocol::model_reply>;
using delta = protocol::notification<protocol::model_delta>;

constexpr std::size_t answer_bytes = 2'000;
constexpr double cancel_goal = 100; // ms

protocol::model_spec loopback_spec() {
  protocol::model_spec model;
  model.id = "loop/back";
  model.provider = "loop";
  model.wire_name = "back";
  model.context_tokens = 100'000;
  model.output_tokens = 8'000;
  protocol::price_band band;
  band.input.nano_usd = 1'000'000'000;
  band.output.nano_usd = 2'000'000'000;
  model.prices = {band};
  return model;
}

call_request call_of(std::uint64_t number, bool stream) {
  call_request ask;
  ask.head.message = {2, number};
  ask.head.cancel_scope = {3, 1};
  ask.body.account = "bench/run/task";
  ask.body.messages = {{protocol::chat_role::user,
                        {protocol::text_part{std::string(900, 'a')}}}};
  ask.body.stream = stream;
  return ask;
}

/// The actors that a call passes.
struct stage {
  explicit stage(const std::string& url) {
    providers::http_provider_config config;
    config.name = "loop";
    config.base_url = url;
    config.connections_max = 1'000;
    config.io = &io;
    provider = providers::spawn_http_provider(system, std::move(config));
    actors::router_config routing;
    routing.models = {loopback_spec()};
    routing.providers = {{"loop", provider}};
    routing.budget = budget;
    routing.counter = std::make_shared<protocol::token_estimator>();
    routing.clock = clock;
    router = actors::spawn_router(system, std::move(routing));
    caf::anon_send(budget, protocol::request<protocol::open_account>{
                               {}, {"bench", protocol::money::max()}});
  }

  ~stage() {
    caf::anon_send_exit(router, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(provider, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(budget, caf::exit_reason::user_shutdown);
  }
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  troupe::http::io_thread io;
  actors::system_config settings;
  caf::actor_system system{settings};
  actors::wall_clock clock = actors::make_wall_clock(system);
  actors::budget_actor budget =
      actors::spawn_budget_manager(system, {clock, 1, nullptr});
  actors::provider_actor provider;
  actors::router_actor router;
};

/// Makes `count` calls, `at_once` at one time.
class caller : public caf::event_based_actor {
public:
  caller(caf::actor_config& cfg, actors::router_actor router,
         std::int64_t count, std::int64_t at_once, bool stream,
         call_times& times, caf::actor boss)
      : caf::event_based_actor(cfg), router_(std::move(router)), left_(count),
        at_once_(at_once), stream_(stream), times_(times),
        boss_(std::move(boss)) {}

  caf::behavior make_behavior() override {
    return {[this](caf::ok_atom) {
              for (std::int64_t i = 0; i < at_once_; ++i)
                next();
            },
            [this](const delta& it) {
              note_first(it.head.correlation.low);
            }};
  }

private:
  struct open_call {
    double began;
    bool is_first;
  };

  void next() {
    if (left_ == 0) {
      if (open_.empty()) {
        send(boss_, caf::ok_atom::value);
        quit();
      }
      return;
    }
    const auto number = static_cast<std::uint64_t>(left_--);
    auto ask = call_of(number, stream_);
    open_[number] = {seconds_now(), true};
    request(router_, caf::infinite, std::move(ask))
        .then(
            [this, number](const call_response& it) {
              if (protocol::text_of(it.body.content).size() != answer_bytes
                  || it.body.cost <= protocol::money{})
                wrong("an answer is not what the endpoint said");
              const auto call = open_.extract(number).mapped();
              times_.whole.push_back((seconds_now() - call.began) * 1e6);
              next();
            },
            [](const caf::error& why) {
              wrong("a call failed: " + actors::from_caf(why).detail);
            });
  }

  void note_first(std::uint64_t number) {
    auto& call = open_.at(number);
    if (std::exchange(call.is_first, false))
      times_.first.push_back((seconds_now() - call.began) * 1e6);
  }

  actors::router_actor router_;
  std::int64_t left_;
  std::int64_t at_once_;
  bool stream_;
  call_times& times_;
  caf::actor boss_;
  std::unordered_map<std::uint64_t, open_call> open_;
};

call_times troupe_calls(stage& on, std::int64_t count, std::int64_t at_once,
                        bool stream) {
  call_times times;
  caf::scoped_actor self{on.system};
  const auto it = on.system.spawn<caller>(on.router, count, at_once, stream,
                                          std::ref(times),
                                          caf::actor_cast<caf::actor>(self));
  const auto cpu = cpu_seconds();
  const auto began = seconds_now();
  self->send(it, caf::ok_atom::value);
  self->receive([](caf::ok_atom) {});
  times.seconds = seconds_now() - began;
  times.cpu_seconds = cpu_seconds() - cpu;
  return times;
}

/// One figure of bare Beast and of troupe, in each round.
struct pair {
  std::vector<double> floor, ours;

  void print(const char* what) const {
    std::vector<double> added;
    for (std::size_t i = 0; i < floor.size(); ++i)
      added.push_back(ours[i] - floor[i]);
    const auto ratio = spread_of(ours).median / spread_of(floor).median;
    print_row(std::string{"    "} + what + ", bare", spread_of(floor), "us");
    print_row(std::string{"    "} + what + ", troupe", spread_of(ours), "us",
              "times " + std::to_string(ratio).substr(0, 4));
    print_row(std::string{"    "} + what + ", added", spread_of(added), "us");
  }
};

struct case_of {
  pair p50, p99, first, cpu;

  void add(const call_times& floor, const call_times& ours, bool stream) {
    const auto put = [](pair& to, double a, double b) {
      to.floor.push_back(a);
      to.ours.push_back(b);
    };
    put(p50, quantile(floor.whole, 0.5), quantile(ours.whole, 0.5));
    put(p99, quantile(floor.whole, 0.99), quantile(ours.whole, 0.99));
    if (stream)
      put(first, quantile(floor.first, 0.5), quantile(ours.first, 0.5));
    const auto cpu_of = [](const call_times& it) {
      return it.cpu_seconds / static_cast<double>(it.whole.size()) * 1e6;
    };
    put(cpu, cpu_of(floor), cpu_of(ours));
  }
};

void compare(const loopback_model& model, bool stream, std::int64_t count,
             std::int64_t rounds, std::int64_t only) {
  const std::string path = stream ? "/stream" : "/whole";
  const std::string body(1'000, 'x');
  stage troupe{model.url(path)};
  std::printf("%s\n", stream ? "a stream of 20 events" : "an answer at once");
  for (const std::int64_t at_once : {1, 64, 256}) {
    if (only != 0 && only != at_once)
      continue;
    const auto calls = at_once == 1 ? count / 4 : count;
    case_of all;
    (void)troupe_calls(troupe, at_once * 4, at_once, stream); // connects
    for (std::int64_t i = 0; i < rounds; ++i) {
      const auto floor = bare_calls(model, path, body, calls, at_once);
      all.add(floor, troupe_calls(troupe, calls, at_once, stream), stream);
    }
    std::printf("  %lld in flight\n", static_cast<long long>(at_once));
    all.p50.print("p50");
    all.p99.print("p99");
    if (stream)
      all.first.print("first piece, p50");
    all.cpu.print("CPU a call");
  }
}

/// From a cancel until the endpoint sees the last of `at_once` sockets closed.
double cancel_once(const loopback_model& model, stage& on,
                   std::uint64_t at_once) {
  caf::scoped_actor self{on.system};
  double at = 0;
  for (std::uint64_t i = 1; i <= at_once; ++i)
    self->send(on.router, call_of(i, true));
  for (std::uint64_t i = 0; i < at_once; ++i)
    if (!model.next_event(at))
      wrong("a connection was closed too early");
  const auto began = seconds_now();
  self->send(on.router,
             protocol::coordination<protocol::cancel>{{}, {{3, 1}, "enough"}});
  for (std::uint64_t i = 0; i < at_once; ++i)
    if (model.next_event(at))
      wrong("a request came after the cancel");
  return (at - began) * 1e3;
}

void measure_cancel(const loopback_model& model, std::int64_t rounds) {
  std::printf("from a cancel until the provider's sockets are closed\n");
  for (const std::uint64_t at_once : {1, 256}) {
    std::vector<double> times;
    for (std::int64_t i = 0; i < rounds * 10; ++i) {
      stage troupe{model.url("/hang")};
      times.push_back(cancel_once(model, troupe, at_once));
    }
    print_row("    " + std::to_string(at_once) + " calls, the last socket",
              spread_of(times), "ms");
    print_goal("the slowest", spread_of(times).max, cancel_goal, "ms");
  }
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does troupe add to a model call? Some 30 seconds.",
      {{"rounds", 5, "of each case"},
       {"count", 4'000, "calls of a round; a quarter with one in flight"},
       {"only", 0, "so many in flight, and nothing else; 0: all"}}};
  const loopback_model model;
  print_machine();
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  const auto count = std::max<std::int64_t>(option["count"], 512);
  for (const bool stream : {false, true})
    compare(model, stream, count, rounds, option["only"]);
  if (option["only"] == 0)
    measure_cancel(model, rounds);
  return 0;
}
