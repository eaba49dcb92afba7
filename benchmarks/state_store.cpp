// How many writes a second does the shared state take?
//
// The floor is a bare CAF actor that takes the same requests and keeps the
// values in a hash table, without versions, checks, history, log or followers.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/state_store.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <unordered_map>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

using write_request = protocol::request<protocol::write_state>;
using write_answer = protocol::response<protocol::state_written>;
using write_maker = std::function<write_request(std::size_t)>;

constexpr std::chrono::seconds patience{120};

/// JSON of some 200 bytes.
const std::string value = "[1,\"" + std::string(190, 'x') + "\"]";

protocol::state_write put(std::string key, std::uint64_t expected = ~0ULL) {
  protocol::state_write it;
  it.key = std::move(key);
  it.value = value;
  if (expected != ~0ULL)
    it.expected = expected;
  return it;
}

/// Sends `count` writes with `depth` of them open, then tells `done`.
class driver : public caf::event_based_actor {
public:
  driver(caf::actor_config& cfg, caf::actor target, std::size_t count,
         std::size_t depth, write_maker make, caf::actor boss)
      : caf::event_based_actor(cfg), target_(std::move(target)), count_(count),
        depth_(depth), make_(std::move(make)), done_(std::move(boss)) {}

  caf::behavior make_behavior() override {
    for (std::size_t i = 0; i < std::min(depth_, count_); ++i)
      ask();
    return {[](int) {
    }};
  }

private:
  void ask() {
    request(target_, caf::infinite, make_(sent_++))
        .then(
            [this](const write_answer&) {
              if (sent_ < count_)
                ask();
              if (++answered_ < count_)
                return;
              send(done_, true);
              quit();
            },
            [](const caf::error&) { wrong("a write was refused"); });
  }

  caf::actor target_;
  std::size_t count_, depth_;
  std::size_t sent_ = 0, answered_ = 0;
  write_maker make_;
  caf::actor done_;
};

caf::behavior bare_store(caf::event_based_actor*) {
  auto values =
      std::make_shared<std::unordered_map<std::string, std::string>>();
  auto revision = std::make_shared<std::uint64_t>(0);
  return {[=](const write_request& msg) {
    write_answer answer;
    for (const auto& it : msg.body.changes) {
      (*values)[it.key] = it.value;
      answer.body.versions.push_back(*revision);
    }
    answer.body.revision = ++*revision;
    return answer;
  }};
}

void await(caf::scoped_actor& self) {
  self->receive([](bool) {},
                caf::after(patience) >> [] { wrong("nothing came in time"); });
}

/// Writes a second.
double rate(stage& host, const caf::actor& target, std::size_t count,
            const write_maker& make) {
  caf::scoped_actor self{host.system()};
  const auto begin = seconds_now();
  self->spawn<driver>(target, count, std::size_t{64}, make,
                      caf::actor_cast<caf::actor>(self));
  await(self);
  return static_cast<double>(count) / (seconds_now() - begin);
}

void measure_writes(std::size_t rounds, std::size_t count) {
  const std::pair<const char*, write_maker> kinds[] = {
      {"one key",
       [](std::size_t) {
         return write_request{{}, {{put("key")}}};
       }},
      {"compare-and-set of one key",
       [](std::size_t i) {
         return write_request{{}, {{put("key", i)}}};
       }},
      {"1,000 keys",
       [](std::size_t i) {
         return write_request{{}, {{put("key/" + std::to_string(i % 1'000))}}};
       }},
      {"10 keys at once", [](std::size_t i) {
         write_request ask;
         for (int k = 0; k < 10; ++k)
           ask.body.changes.push_back(
               put("key/" + std::to_string((i * 10 + k) % 1'000)));
         return ask;
       }}};
  for (const auto& [title, make] : kinds) {
    std::vector<double> floor, store, ratio;
    for (std::size_t i = 0; i < rounds; ++i) {
      stage host;
      floor.push_back(
          rate(host, host.add(host.system().spawn(bare_store)), count, make)
          / 1'000);
      const auto it = host.add(
          actors::spawn_state_store(host.system(), {{}, host.clock(), 1, {}}));
      store.push_back(rate(host, caf::actor_cast<caf::actor>(it), count, make)
                      / 1'000);
      ratio.push_back(store.back() / floor.back());
    }
    std::printf("writes, %s:\n", title);
    print_row("  floor: bare CAF with a hash table", spread_of(floor),
              "thousand/s");
    print_row("  state store", spread_of(store), "thousand/s");
    print_row("  state store / floor", spread_of(ratio), "times");
  }
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How many writes a second does the shared state take? Some 10 seconds.",
      {{"rounds", 5, "measurements that each figure is made of"},
       {"writes", 50'000, "per round and kind"}}};
  print_machine();
  const auto number = [&](const char* name) {
    return static_cast<std::size_t>(std::max<std::int64_t>(option[name], 1));
  };
  measure_writes(number("rounds"), number("writes"));
  return 0;
}
