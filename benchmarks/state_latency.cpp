// How long from a write of shared state until those who follow it have it?
//
// One write at a time: the next is sent a pause after all have got the last.
// The floor is a bare CAF actor that sends a message of the same size, its body
// shared, to as many receivers.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/state_store.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <functional>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

using write_request = protocol::request<protocol::write_state>;

constexpr double goal_ms = 1;
constexpr std::chrono::seconds patience{120};

std::int64_t nanoseconds_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

/// JSON of some 200 bytes that begins with the time.
std::string value_now() {
  return "[" + std::to_string(nanoseconds_now()) + ",\"" + std::string(180, 'x')
         + "\"]";
}

/// What all receivers of one measurement share.
struct arrivals {
  std::size_t receivers = 0;
  std::atomic<std::size_t> total{0};
  std::vector<std::vector<double>> microseconds; ///< By receiver.
  caf::actor publisher;
};

class receiver : public actors::state_follower_actor::base {
public:
  receiver(caf::actor_config& cfg, std::shared_ptr<arrivals> all,
           std::size_t index, actors::state_store_actor store)
      : actors::state_follower_actor::base(cfg), all_(std::move(all)),
        index_(index), store_(std::move(store)) {}

  behavior_type make_behavior() override {
    return {
        [this](const protocol::state_update& msg) {
          const auto sent = std::strtoll(
              msg.body.changes.front().value.c_str() + 1, nullptr, 10);
          all_->microseconds[index_].push_back(
              static_cast<double>(nanoseconds_now() - sent) / 1'000);
          count();
        },
        [this](const protocol::notification<protocol::state_resync>& msg) {
          name_ = msg.body.subscription;
        },
        [](const protocol::notification<protocol::subscription_gap>&) {
          wrong("a follower with credit was told a gap");
        },
    };
  }

  void on_exit() override { all_.reset(); }

private:
  void count() {
    if (store_ && all_->microseconds[index_].size() % 1'000 == 0)
      caf::anon_send(store_, protocol::coordination<protocol::grant_credit>{
                                 {}, {name_, 1'000}});
    if (++all_->total % all_->receivers == 0)
      caf::anon_send(all_->publisher, true);
  }

  std::shared_ptr<arrivals> all_;
  std::size_t index_;
  actors::state_store_actor store_;
  protocol::id name_;
};

/// Calls `publish` `count` times, each a pause after all have got the last.
class publisher : public caf::event_based_actor {
public:
  publisher(caf::actor_config& cfg, std::function<void()> publish,
            std::size_t count, std::chrono::microseconds pause, caf::actor boss)
      : caf::event_based_actor(cfg), publish_(std::move(publish)), left_(count),
        pause_(pause), done_(std::move(boss)) {}

  caf::behavior make_behavior() override {
    return {
        [this](bool) {
          if (left_-- > 0)
            return delayed_send(this, pause_, 1);
          send(done_, true);
          quit();
        },
        [this](int) { publish_(); },
    };
  }

private:
  std::function<void()> publish_;
  std::size_t left_;
  std::chrono::microseconds pause_;
  caf::actor done_;
};

caf::behavior bare_hub(caf::event_based_actor*,
                       std::vector<caf::actor> receivers) {
  return {[=](const protocol::state_update& msg) {
    const auto shared = caf::make_message(msg);
    for (const auto& it : receivers)
      caf::anon_send(it, shared);
  }};
}

struct percentiles {
  std::vector<double> p50, p99, max;

  void add(const arrivals& all) {
    std::vector<double> values;
    for (const auto& each : all.microseconds)
      values.insert(values.end(), each.begin(), each.end());
    std::sort(values.begin(), values.end());
    p50.push_back(values[values.size() / 2]);
    p99.push_back(values[values.size() * 99 / 100]);
    max.push_back(values.back());
  }
  void print(const char* title) const {
    const std::string text = std::string{"  "} + title;
    print_row(text + ", p50", spread_of(p50), "us");
    print_row(text + ", p99", spread_of(p99), "us");
    print_row(text + ", greatest", spread_of(max), "us");
  }
};

/// One measurement: through the store, or through a bare hub.
void measure_once(std::size_t receivers, std::size_t count,
                  std::chrono::microseconds pause, bool is_floor,
                  percentiles& out) {
  stage host;
  caf::scoped_actor self{host.system()};
  auto all = std::make_shared<arrivals>();
  all->receivers = receivers;
  all->microseconds.resize(receivers);
  actors::state_store_actor store;
  if (!is_floor)
    store = host.add(
        actors::spawn_state_store(host.system(), {{}, host.clock(), 1, {}}));
  std::vector<caf::actor> everybody;
  for (std::size_t i = 0; i < receivers; ++i) {
    const actors::state_follower_actor it =
        host.add(host.system().spawn<receiver>(all, i, store));
    everybody.push_back(caf::actor_cast<caf::actor>(it));
    if (!is_floor)
      self->request(store, patience,
                    protocol::request<protocol::subscribe_state>{
                        {}, {"key", false, 0, 10'000}},
                    it)
          .receive([](const protocol::response<protocol::state_subscribed>&) {},
                   [](const caf::error&) { wrong("not subscribed"); });
  }
  std::function<void()> publish = [store] {
    caf::anon_send(caf::actor_cast<caf::actor>(store),
                   write_request{{}, {{{"key", {}, {}, value_now(), {}}}}});
  };
  if (is_floor)
    publish = [hub = host.add(host.system().spawn(bare_hub, everybody))] {
      protocol::state_update update;
      update.body.changes.push_back({"key", 1, {}, value_now()});
      caf::anon_send(hub, std::move(update));
    };
  all->publisher = host.add(host.system().spawn<publisher>(
      publish, count, pause, caf::actor_cast<caf::actor>(self)));
  caf::anon_send(all->publisher, true);
  self->receive([](bool) {},
                caf::after(patience) >> [] { wrong("nothing came in time"); });
  if (all->total != receivers * count)
    wrong("updates were lost");
  out.add(*all);
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How long until followers have a write of shared state? Some 30 seconds.",
      {{"rounds", 5, "measurements that each figure is made of"},
       {"updates", 500, "per round and number of followers"},
       {"pause", 1'000, "microseconds between two updates"}}};
  print_machine();
  const auto number = [&](const char* name) {
    return static_cast<std::size_t>(std::max<std::int64_t>(option[name], 1));
  };
  for (const std::size_t followers : {1, 100, 1'000}) {
    percentiles floor, store;
    for (std::size_t i = 0; i < number("rounds"); ++i) {
      const std::chrono::microseconds pause{option["pause"]};
      measure_once(followers, number("updates"), pause, true, floor);
      measure_once(followers, number("updates"), pause, false, store);
    }
    std::printf("from a write to %zu followers:\n", followers);
    floor.print("floor: bare CAF");
    store.print("state store");
    print_goal("p99 of the state store", spread_of(store.p99).median / 1'000,
               goal_ms, "ms");
  }
  return 0;
}
