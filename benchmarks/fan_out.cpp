// What does a message to many followers cost, and a subscription?
//
// One notification of 1 KB is published again and again and goes to all
// followers; a round ends when the last of them has got the last message. The
// floor is a bare CAF actor that sends one shared message to the same actors in
// a loop; beside it a local group of CAF, which has neither bounds nor credit.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/topic_hub.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <malloc.h>
#include <thread>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

using topic_message = protocol::notification<protocol::topic_message>;
using gap = protocol::notification<protocol::subscription_gap>;
using ended = protocol::notification<protocol::subscription_ended>;

constexpr std::chrono::seconds patience{60};
constexpr std::uint32_t window = 1'000;
/// A follower grants credit for so many messages at once.
constexpr std::uint32_t grant_step = window / 2;
constexpr std::size_t content_bytes = 1'024;

/// What all followers of a round have got together.
struct tally {
  std::atomic<std::uint64_t> delivered{0};
  std::atomic<bool> lost{false};
};

/// Counts what it gets; with a subscription it grants credit as it goes.
class follower : public actors::topic_follower_actor::base {
public:
  follower(caf::actor_config& cfg, tally& all)
      : actors::topic_follower_actor::base(cfg), all_(all) {}

  behavior_type make_behavior() override {
    return {[this](const topic_message& it) { take(it); },
            [this](const gap&) { all_.lost = true; },
            [this](const ended&) {
              all_.lost = true;
            }};
  }

  actors::topic_hub_actor hub;
  protocol::id subscription;

  void on_exit() override { hub = nullptr; }

private:
  void take(const topic_message&) {
    all_.delivered.fetch_add(1, std::memory_order_relaxed);
    if (hub && ++taken_ % grant_step == 0)
      send(hub, protocol::coordination<protocol::grant_credit>{
                    {}, {subscription, grant_step}});
  }

  tally& all_;
  std::uint64_t taken_ = 0;
};

/// What is left after free memory was given back.
double trimmed_bytes() {
  malloc_trim(0);
  return resident_bytes();
}

topic_message sample() {
  topic_message it;
  it.body.topic = "market.eur";
  it.body.publisher = "feed";
  it.body.content = std::string(content_bytes, 'x');
  return it;
}

/// Waits until all have got everything; returns the seconds since `begin`.
double until(const tally& all, std::uint64_t expected, double begin) {
  while (all.delivered.load(std::memory_order_relaxed) < expected) {
    if (all.lost || seconds_now() - begin > 60)
      wrong("a message was lost");
    std::this_thread::yield();
  }
  return seconds_now() - begin;
}

class arena {
public:
  explicit arena(std::size_t count) {
    all_.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
      all_.push_back(on_.system().spawn<follower>(tally_));
  }
  ~arena() {
    for (const auto& it : all_)
      caf::anon_send_exit(it, caf::exit_reason::kill);
  }

  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  /// Deliveries per second of a bare actor with a list of receivers.
  double raw(std::uint64_t messages) {
    const auto shared = caf::make_message(sample());
    auto source = on_.system().spawn(
        [this, shared](caf::event_based_actor* self) -> caf::behavior {
          return {[this, shared, self](caf::tick_atom) {
            for (const auto& to : all_)
              to->enqueue(self->ctrl(), caf::make_message_id(), shared,
                          self->context());
          }};
        });
    const auto rate =
        measure(messages, [&] { caf::anon_send(source, caf::tick_atom_v); });
    caf::anon_send_exit(source, caf::exit_reason::kill);
    return rate;
  }

  double hub(std::uint64_t messages) {
    protocol::request<protocol::publish> it;
    it.body.topic = "market.eur";
    it.body.content = std::string(content_bytes, 'x');
    return measure(messages, [&] { caf::anon_send(hub_, it); });
  }

  /// Subscribes everybody; returns bytes and microseconds a subscription.
  std::pair<double, double> subscribe() {
    actors::topic_hub_config config;
    config.clock = on_.clock();
    hub_ = on_.add(actors::spawn_topic_hub(on_.system(), config));
    const auto before = trimmed_bytes();
    const auto begin = seconds_now();
    caf::scoped_actor self{on_.system()};
    for (std::size_t i = 0; i < all_.size(); ++i)
      subscribe(self, i);
    const auto n = static_cast<double>(all_.size());
    const auto took = (seconds_now() - begin) * 1e6 / n;
    return {(trimmed_bytes() - before) / n, took};
  }

private:
  using subscribed = protocol::response<protocol::topic_subscribed>;

  void subscribe(caf::scoped_actor& self, std::size_t i) {
    protocol::request<protocol::subscribe_topic> ask;
    ask.body = {i % 2 == 0 ? "market.eur" : "market.", window, 0};
    self->request(hub_, patience, ask, all_[i])
        .receive(
            [&](subscribed& it) {
              auto* who = caf::actor_cast<caf::abstract_actor*>(all_[i]);
              auto* mine = dynamic_cast<follower*>(who);
              mine->subscription = it.body.subscription;
              mine->hub = hub_;
            },
            [](const caf::error&) { wrong("a subscription was refused"); });
  }

  template <class Send>
  double measure(std::uint64_t messages, Send send) {
    const auto before = tally_.delivered.load();
    const auto begin = seconds_now();
    for (std::uint64_t i = 1; i <= messages; ++i) {
      send();
      // No more under way than a follower has credit for.
      if (i % grant_step == 0)
        until(tally_, before + (i - grant_step / 2) * all_.size(), begin);
    }
    const auto sent = messages * all_.size();
    return static_cast<double>(sent) / until(tally_, before + sent, begin);
  }

  stage on_;
  tally tally_;
  std::vector<actors::topic_follower_actor> all_;
  actors::topic_hub_actor hub_;
};

/// Deliveries per second through a group of CAF to the same number of actors.
double group(std::size_t count, std::uint64_t messages) {
  stage on;
  tally all;
  const auto topic = on.system().groups().get_local("fan");
  for (std::size_t i = 0; i < count; ++i)
    on.add(on.system().spawn_in_group(
        topic, [&all](caf::event_based_actor*) -> caf::behavior {
          return {[&all](const topic_message&) {
            all.delivered.fetch_add(1, std::memory_order_relaxed);
          }};
        }));
  const auto shared = caf::make_message(sample());
  const auto begin = seconds_now();
  for (std::uint64_t i = 0; i < messages; ++i)
    caf::anon_send(topic, shared);
  return static_cast<double>(messages * count)
         / until(all, messages * count, begin);
}

void run(std::size_t count, std::uint64_t messages, std::int64_t rounds) {
  std::vector<double> raws, hubs, groups, ratios, bytes, times;
  for (std::int64_t i = 0; i < rounds; ++i) {
    {
      arena all{count};
      (void)all.raw(std::max<std::uint64_t>(messages / 10, 1)); // warm
      raws.push_back(all.raw(messages) / 1e6);
      const auto [size, took] = all.subscribe();
      bytes.push_back(size);
      times.push_back(took);
      hubs.push_back(all.hub(messages) / 1e6);
    }
    groups.push_back(group(count, messages) / 1e6);
    ratios.push_back(hubs.back() / groups.back());
  }
  std::printf("%zu followers, %llu messages of 1 KB:\n", count,
              static_cast<unsigned long long>(messages));
  print_row("  floor: bare actor, shared message", spread_of(raws),
            "M deliveries/s");
  print_row("  group of CAF", spread_of(groups), "M deliveries/s");
  print_row("  topic hub", spread_of(hubs), "M deliveries/s");
  print_row("  hub / group", spread_of(ratios), "times", "goal: at least 1");
  print_row("  memory", spread_of(bytes), "bytes a subscription");
  print_row("  subscribe, with answer", spread_of(times), "us each");
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does a message to many followers cost, and a subscription? Some 30 "
      "seconds.",
      {{"rounds", 5, "medians are made of"},
       {"deliveries", 2'000'000, "in each round and layer"},
       {"followers", 100'000, "the larger number; the smaller is 1,000"}}};
  print_machine();
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  const auto total = static_cast<std::uint64_t>(
      std::max<std::int64_t>(option["deliveries"], 1));
  for (const auto count : {std::size_t{1'000},
                           static_cast<std::size_t>(
                               std::max<std::int64_t>(option["followers"], 1))})
    run(count, std::max<std::uint64_t>(total / count, 1), rounds);
  return 0;
}
