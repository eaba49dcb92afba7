#include "support/catch.hpp"
#include "support/cluster/history_checker.hpp"
#include "support/rounds.hpp"

#include <algorithm>
#include <random>
#include <thread>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

/// A store that keeps its promises: each request takes effect at one instant
/// between its invocation and its answer.
class sound_store {
public:
  explicit sound_store(std::uint64_t seed) : chance_{seed} {}

  history play(int steps) {
    std::vector<history_time> free(4, 1ms); // of each client
    for (int i = 0; i < steps; ++i) {
      const auto client = chance_() % free.size();
      free[client] = ask(client, free[client] + some(3'000us), i);
    }
    auto last = *std::max_element(free.begin(), free.end()) + 1ms;
    for (const auto* key : {"x", "y"}) {
      client_op look = op(op_kind::read, 0, key, last);
      look.returned = last + 1ms;
      all_.push_back({last, look});
    }
    return carried_out();
  }

private:
  struct planned {
    history_time at; ///< When it takes effect; `never`: it does not.
    client_op op;
  };

  history_time some(history_time most) {
    return history_time{static_cast<std::int64_t>(
        1 + chance_() % static_cast<std::uint64_t>(most.count()))};
  }

  static client_op op(op_kind kind, std::size_t client, const std::string& key,
                      history_time invoked) {
    client_op made;
    made.kind = kind;
    made.client = "client" + std::to_string(client);
    made.node = "a";
    made.key = key;
    made.invoked = invoked;
    return made;
  }

  /// Plans a request and says when its client is free again.
  history_time ask(std::size_t client, history_time now, int number) {
    const std::string key = chance_() % 2 == 0 ? "x" : "y";
    const bool reads = chance_() % 2 == 0;
    auto it = op(reads ? op_kind::read : op_kind::write, client, key, now);
    it.end = op_end::ok;
    auto effect = now + some(2'000us);
    it.returned = effect + some(2'000us);
    const auto free = it.returned;
    if (!reads)
      it.value = std::to_string(number);
    if (!reads && chance_() % 5 == 0) {
      it.end = chance_() % 4 == 0 ? op_end::failed : op_end::unknown;
      if (it.end == op_end::failed || chance_() % 2 == 0)
        effect = never;
      else if (chance_() % 2 == 0)
        effect += some(50ms); // long after its client has given up
      if (it.end == op_end::unknown)
        it.returned = never;
    }
    all_.push_back({effect, it});
    return free;
  }

  history carried_out() {
    std::sort(all_.begin(), all_.end(),
              [](const auto& a, const auto& b) { return a.at < b.at; });
    std::map<std::string, std::pair<std::string, std::uint64_t>> state;
    history seen;
    for (auto& [at, it] : all_) {
      if (at != never && it.kind == op_kind::write) {
        auto& [value, version] = state[it.key];
        value = it.value;
        ++version;
      }
      if (it.kind == op_kind::read)
        it.end = op_end::ok;
      if (it.end == op_end::ok) {
        it.version = state[it.key].second;
        if (it.kind == op_kind::read)
          it.value = state[it.key].first;
      }
      seen.ops.push_back(it);
    }
    std::sort(
        seen.ops.begin(), seen.ops.end(),
        [](const auto& a, const auto& b) { return a.invoked < b.invoked; });
    return seen;
  }

  std::mt19937_64 chance_;
  std::vector<planned> all_;
};

/// One of the requests that are of that kind and were acknowledged.
client_op* pick(history& seen, op_kind kind, std::mt19937_64& chance) {
  std::vector<client_op*> fit;
  for (auto& op : seen.ops)
    if (op.kind == kind && op.end == op_end::ok && op.version > 0)
      fit.push_back(&op);
  return fit.empty() ? nullptr : fit[chance() % fit.size()];
}

} // namespace

TEST_CASE("no history of a sound store is refused", "[history_checker]") {
  for (std::uint64_t seed = 1; seed <= rounds(2'000); ++seed) {
    const auto seen = sound_store{seed}.play(60);
    INFO("seed " << seed);
    REQUIRE(to_text(check_history(seen)).empty());
  }
}

TEST_CASE("a history that was tampered with is refused", "[history_checker]") {
  std::uint64_t played = 0;
  for (std::uint64_t seed = 1; seed <= rounds(2'000); ++seed) {
    const auto sound = sound_store{seed}.play(60);
    std::mt19937_64 chance{seed};
    INFO("seed " << seed);
    auto forged = sound;
    if (auto* read = pick(forged, op_kind::read, chance)) {
      read->value = "nobody wrote this";
      CHECK_FALSE(check_history(forged).empty());
      ++played;
    }
    auto swapped = sound;
    if (auto* write = pick(swapped, op_kind::write, chance)) {
      write->version += 1'000;
      CHECK_FALSE(check_history(swapped).empty());
      ++played;
    }
    auto lost = sound;
    auto& last = lost.ops.back(); // a look at the end of all
    if (last.version > 0) {
      last.version = 0;
      last.value.clear();
      CHECK_FALSE(check_history(lost).empty());
      ++played;
    }
  }
  CHECK(played > rounds(2'000));
}

TEST_CASE("a history is taken down by many threads", "[history_checker]") {
  std::atomic<std::int64_t> ticks = 0;
  history_recorder taken{[&] {
    return history_time{++ticks};
  }};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 4; ++i)
      clients.emplace_back([&taken, name = std::to_string(i)] {
        for (std::uint64_t n = 1; n <= 100; ++n) {
          client_op op;
          op.client = name;
          op.key = name;
          op.value = std::to_string(n);
          const auto id = taken.begin(op);
          if (n % 10 != 0)
            taken.end(id, op_end::ok, n);
        }
        client_op look;
        look.kind = op_kind::read;
        look.client = name;
        look.key = name;
        taken.end(taken.begin(look), op_end::ok, 100, "100");
      });
  }
  const auto seen = taken.taken();
  CHECK(seen.ops.size() == 404);
  CHECK(std::is_sorted(
      seen.ops.begin(), seen.ops.end(),
      [](const auto& a, const auto& b) { return a.invoked < b.invoked; }));
  CHECK(to_text(check_history(seen)).empty());
}

TEST_CASE("tenures, bills and effects are taken down with their times",
          "[history_checker]") {
  std::int64_t now = 0;
  history_recorder taken{[&] {
    return history_time{now};
  }};
  taken.limit("acme", 5);
  const auto first = taken.begin_tenure("leader", "a", 1);
  now = 10;
  taken.bill("acme", 6);
  taken.effect("pay", "a");
  taken.end_tenure(first);
  now = 11;
  static_cast<void>(taken.begin_tenure("leader", "b", 2));
  const auto seen = taken.taken();
  CHECK(seen.tenures[0].until == history_time{10});
  CHECK(seen.tenures[1].until == never);
  CHECK(check_singletons(seen).empty());
  CHECK(check_spending(seen).size() == 1);
  CHECK(check_effects(seen).front().rule == "unasked");
  CHECK(to_lines(seen)
        == "0.000000 a as 'leader', token 1: begins\n"
           "0.000000 a does 'pay'\n"
           "0.000000 'acme' pays 6\n"
           "0.000000 a as 'leader', token 1: ends\n"
           "0.000000 b as 'leader', token 2: begins\n");
}
