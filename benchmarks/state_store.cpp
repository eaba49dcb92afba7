// How many writes a second does the shared state take, also while others list
// it without a pause?
//
// The floor of writes is a bare CAF actor that takes the same requests and
// keeps the values in a hash table, without versions, checks, history, log or
// followers; that of writes among readers is a store that answers each listing
// at once.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/state_store.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <atomic>
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
using list_answer = protocol::response<protocol::state_listed>;

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

/// How long each write took until it was answered.
using latencies = std::shared_ptr<std::vector<double>>;

/// Sends `count` writes with `depth` of them open, then tells `done`.
class driver : public caf::event_based_actor {
public:
  driver(caf::actor_config& cfg, caf::actor target, std::size_t count,
         std::size_t depth, write_maker make, latencies seconds,
         caf::actor boss)
      : caf::event_based_actor(cfg), target_(std::move(target)), count_(count),
        depth_(depth), make_(std::move(make)), seconds_(std::move(seconds)),
        done_(std::move(boss)) {}

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
            [this, begin = seconds_now()](const write_answer&) {
              seconds_->push_back(seconds_now() - begin);
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
  latencies seconds_;
  caf::actor done_;
};

/// Lists all keys, page by page, over and over.
class reader : public caf::event_based_actor {
public:
  reader(caf::actor_config& cfg, caf::actor target,
         std::shared_ptr<std::atomic<std::size_t>> pages)
      : caf::event_based_actor(cfg), target_(std::move(target)),
        pages_(std::move(pages)) {}

  caf::behavior make_behavior() override {
    ask("");
    return {[](int) {
    }};
  }

private:
  void ask(std::string after) {
    request(target_, caf::infinite,
            protocol::request<protocol::list_state>{
                {}, {"", std::move(after), 1'000}})
        .then(
            [this](const list_answer& it) {
              ++*pages_;
              ask(it.body.has_more ? it.body.entries.back().key : "");
            },
            [this](const caf::error&) { quit(); }); // with the store
  }

  caf::actor target_;
  std::shared_ptr<std::atomic<std::size_t>> pages_;
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

struct speed {
  double per_second = 0;
  double p99_us = 0; ///< Until a write is answered.
};

speed write_to(stage& host, const caf::actor& target, std::size_t count,
               std::size_t depth, const write_maker& make) {
  caf::scoped_actor self{host.system()};
  auto seconds = std::make_shared<std::vector<double>>();
  seconds->reserve(count);
  const auto begin = seconds_now();
  self->spawn<driver>(target, count, depth, make, seconds,
                      caf::actor_cast<caf::actor>(self));
  await(self);
  const auto took = seconds_now() - begin;
  std::sort(seconds->begin(), seconds->end());
  return {static_cast<double>(count) / took,
          seconds->at(count * 99 / 100) * 1e6};
}

/// Writes a second.
double rate(stage& host, const caf::actor& target, std::size_t count,
            const write_maker& make) {
  return write_to(host, target, count, 64, make).per_second;
}

caf::actor start_store(stage& host, const actors::state_limits& limits) {
  return caf::actor_cast<caf::actor>(host.add(
      actors::spawn_state_store(host.system(), {limits, host.clock(), 1, {}})));
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
      store.push_back(rate(host, start_store(host, {}), count, make) / 1'000);
      ratio.push_back(store.back() / floor.back());
    }
    std::printf("writes, %s:\n", title);
    print_row("  floor: bare CAF with a hash table", spread_of(floor),
              "thousand/s");
    print_row("  state store", spread_of(store), "thousand/s");
    print_row("  state store / floor", spread_of(ratio), "times");
  }
}

/// What writers and readers of one store get.
struct mix {
  std::vector<double> writes, p99, p99_alone, pages;

  void measure(const actors::state_limits& limits, std::size_t readers,
               std::size_t count) {
    const write_maker make = [](std::size_t i) {
      return write_request{{}, {{put("key/" + std::to_string(i % 10'000))}}};
    };
    stage host;
    const auto store = start_store(host, limits);
    (void)rate(host, store, 10'000, make); // all keys
    auto pages_read = std::make_shared<std::atomic<std::size_t>>(0);
    for (std::size_t i = 0; i < readers; ++i)
      host.add(host.system().spawn<reader>(store, pages_read));
    const auto begin = seconds_now();
    const auto many = write_to(host, store, count, 64, make);
    const auto one = write_to(host, store, count / 20 + 100, 1, make);
    writes.push_back(many.per_second / 1'000);
    p99.push_back(many.p99_us);
    p99_alone.push_back(one.p99_us);
    pages.push_back(static_cast<double>(*pages_read) / (seconds_now() - begin));
  }

  void print(const char* title) const {
    std::printf(" %s:\n", title);
    print_row("  writes, 64 open", spread_of(writes), "thousand/s");
    print_row("  until a write is answered, 64 open, p99", spread_of(p99),
              "us");
    print_row("  the same, one open, p99", spread_of(p99_alone), "us");
    print_row("  pages", spread_of(pages), "/s");
  }
};

void measure_readers(std::size_t rounds, std::size_t count) {
  actors::state_limits at_once;
  at_once.turn_bytes = 1ULL << 40U;
  for (const std::size_t readers : {0, 4, 100}) {
    mix floor, store;
    for (std::size_t i = 0; i < rounds; ++i) {
      floor.measure(at_once, readers, count);
      store.measure({}, readers, count);
    }
    std::printf("writes while %zu readers list 10,000 keys, 1,000 a page:\n",
                readers);
    floor.print("floor: each listing at once");
    store.print("state store");
  }
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How many writes a second does the shared state take? Some 90 seconds.",
      {{"rounds", 3, "measurements that each figure is made of"},
       {"writes", 20'000, "per round and kind"}}};
  print_machine();
  const auto number = [&](const char* name) {
    return static_cast<std::size_t>(std::max<std::int64_t>(option[name], 1));
  };
  measure_writes(number("rounds"), number("writes"));
  measure_readers(number("rounds"), number("writes"));
  return 0;
}
