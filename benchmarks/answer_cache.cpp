// What does an answer cost that is given again, and what is kept for it?
//
// One call after the other, all of them hits, through the answer cache, beside
// a bare CAF actor of the same interface that looks the last message up in a
// hash table: for prompts of 1 KB and of 30 KB. Then 1,000 equal calls at one
// time, with the calls that are made for them. Memory is that of the process.
#include "measure.hpp"

#include <troupe/actors/answer_cache.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;
using call = protocol::request<protocol::model_call>;
using reply = protocol::response<protocol::model_reply>;
using cancel = protocol::coordination<protocol::cancel>;
using delta = protocol::notification<protocol::model_delta>;

constexpr double goal_us = 10;

call call_of(std::int64_t number, std::size_t prompt_bytes) {
  call it;
  it.head.message = {1, static_cast<std::uint64_t>(number) + 1};
  it.body.account = "tenant/mission/task";
  it.body.stream = false;
  it.body.system = "You are brief.";
  it.body.messages = {
      {protocol::chat_role::user,
       {protocol::text_part{std::to_string(number)
                            + std::string(prompt_bytes, 'x')}}}};
  return it;
}

reply answer_for(const call& asked) {
  reply it;
  it.head = answer_to(asked.head, {9, 9});
  it.body.content = {protocol::text_part{std::string(600, 'y')}};
  it.body.used.input = 250;
  it.body.used.output = 150;
  it.body.cost.nano_usd = 1'000'000;
  return it;
}

constexpr auto not_judged =
    [](const protocol::request<protocol::judge_answer>&) {
      return protocol::response<protocol::answer_judged>{};
    };

/// Answers every call anew and counts them.
actors::router_actor::behavior_type
answer_all(actors::router_actor::pointer, std::atomic<std::int64_t>* made) {
  return {[made](const call& asked) {
            ++*made;
            return answer_for(asked);
          },
          [](const cancel&) {}, not_judged,
          [](const delta&) {
          }};
}

/// The floor: a hash table in an actor, found by the last message's text.
actors::router_actor::behavior_type look_up(actors::router_actor::pointer) {
  auto kept = std::make_shared<std::unordered_map<std::string, reply>>();
  return {[kept](const call& asked) {
            const auto& text =
                std::get<protocol::text_part>(asked.body.messages[0].content[0])
                    .text;
            const auto [it, is_new] = kept->try_emplace(text);
            if (is_new)
              it->second = answer_for(asked);
            return it->second;
          },
          [](const cancel&) {}, not_judged,
          [](const delta&) {
          }};
}

/// Asks for each of `keys` answers in turn, `count` times in all.
class asker : public caf::event_based_actor {
public:
  asker(caf::actor_config& cfg, actors::router_actor whom, std::int64_t count,
        std::int64_t keys, std::size_t prompt_bytes, caf::actor boss)
      : caf::event_based_actor(cfg), whom_(std::move(whom)), count_(count),
        keys_(keys), prompt_bytes_(prompt_bytes), boss_(std::move(boss)) {}

  caf::behavior make_behavior() override {
    return {[this](caf::ok_atom) {
      next();
    }};
  }

private:
  void next() {
    if (asked_ == count_) {
      send(boss_, std::move(took_));
      return quit();
    }
    auto it = call_of(asked_++ % keys_, prompt_bytes_);
    const auto begin = std::chrono::steady_clock::now();
    request(whom_, caf::infinite, std::move(it))
        .then(
            [this, begin](const reply&) {
              const std::chrono::duration<double, std::micro> took =
                  std::chrono::steady_clock::now() - begin;
              took_.push_back(took.count());
              next();
            },
            [](const caf::error&) { wrong("a call failed"); });
  }

  actors::router_actor whom_;
  std::int64_t count_;
  std::int64_t keys_;
  std::size_t prompt_bytes_;
  caf::actor boss_;
  std::int64_t asked_ = 0;
  std::vector<double> took_;
};

/// Microseconds of each of `count` calls, least first.
std::vector<double> ask_all(caf::actor_system& system,
                            const actors::router_actor& whom,
                            std::int64_t count, std::int64_t keys,
                            std::size_t prompt_bytes) {
  caf::scoped_actor self{system};
  const auto it = system.spawn<asker>(whom, count, keys, prompt_bytes,
                                      caf::actor_cast<caf::actor>(self));
  self->send(it, caf::ok_atom::value);
  std::vector<double> took;
  self->receive([&](std::vector<double>& all) { took = std::move(all); });
  std::sort(took.begin(), took.end());
  return took;
}

/// A cache before a router that answers at once.
struct office {
  std::atomic<std::int64_t> made{0};
  actors::system_config config{1};
  caf::actor_system system{config};
  actors::router_actor router = system.spawn(answer_all, &made);
  actors::router_actor floor = system.spawn(look_up);
  actors::router_actor cache = [this] {
    actors::answer_cache_config with;
    with.router = router;
    with.limits.entries = 1'000'000;
    with.limits.bytes = 2U << 30U;
    with.clock = actors::make_wall_clock(system);
    return actors::spawn_answer_cache(system, std::move(with));
  }();

  ~office() {
    for (const auto& it : {router, floor, cache})
      caf::anon_send_exit(it, caf::exit_reason::user_shutdown);
  }
};

struct percentiles {
  std::vector<double> p50, p99;

  void add(const std::vector<double>& sorted) {
    p50.push_back(sorted[sorted.size() / 2]);
    p99.push_back(sorted[sorted.size() * 99 / 100]);
  }
  void print(const std::string& what) const {
    print_row("  " + what + ", p50", spread_of(p50), "us");
    print_row("  " + what + ", p99", spread_of(p99), "us");
  }
};

void compare(std::size_t prompt_bytes, std::int64_t count,
             std::int64_t rounds) {
  constexpr std::int64_t keys = 100;
  office it;
  (void)ask_all(it.system, it.cache, keys, keys, prompt_bytes);
  (void)ask_all(it.system, it.floor, keys, keys, prompt_bytes);
  percentiles floor, ours;
  for (std::int64_t i = 0; i < rounds; ++i) {
    floor.add(ask_all(it.system, it.floor, count, keys, prompt_bytes));
    ours.add(ask_all(it.system, it.cache, count, keys, prompt_bytes));
  }
  if (it.made != keys)
    wrong("a call was made again");
  std::printf("hits, prompts of %zu bytes:\n", prompt_bytes);
  floor.print("bare CAF, hash table");
  ours.print("answer cache");
  print_goal("p50 above the floor",
             spread_of(ours.p50).median - spread_of(floor.p50).median, goal_us,
             "us");
}

void weigh(std::int64_t entries) {
  constexpr std::size_t prompt_bytes = 1'000;
  office it;
  (void)ask_all(it.system, it.cache, 100, 100, prompt_bytes);
  const auto before = resident_bytes();
  (void)ask_all(it.system, it.cache, entries, entries, prompt_bytes);
  const auto each =
      (resident_bytes() - before) / static_cast<double>(entries - 100);
  std::printf("memory, %lld answers of 600 bytes to prompts of 1,000:\n",
              static_cast<long long>(entries));
  print_row("  an answer", spread_of({each}), "bytes");
}

void stampede(std::int64_t callers) {
  office it;
  caf::scoped_actor self{it.system};
  std::vector<decltype(self->request(it.cache, caf::infinite, call{}))> open;
  const auto begin = seconds_now();
  for (std::int64_t i = 0; i < callers; ++i) {
    auto ask = call_of(0, 1'000);
    ask.head.message = {2, static_cast<std::uint64_t>(i) + 1};
    open.push_back(self->request(it.cache, caf::infinite, std::move(ask)));
  }
  for (auto& one : open)
    one.receive([](const reply&) {},
                [](const caf::error&) { wrong("a call failed"); });
  std::printf("%lld equal calls at one time: %lld made, %.1f ms for all\n",
              static_cast<long long>(callers),
              static_cast<long long>(it.made.load()),
              (seconds_now() - begin) * 1e3);
  if (it.made != 1)
    wrong("more calls than one were made");
}

} // namespace

int main(int argc, char** argv) {
  const options given{argc,
                      argv,
                      "What does an answer cost that is given again?",
                      {{"rounds", 5, "repetitions"},
                       {"count", 20'000, "calls a round"},
                       {"entries", 50'000, "answers that are weighed"}}};
  print_machine();
  compare(1'000, given["count"], given["rounds"]);
  compare(30'000, given["count"] / 4, given["rounds"]);
  weigh(given["entries"]);
  stampede(1'000);
}
