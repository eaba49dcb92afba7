// Whose turn it is among tenants that share a provider.
#include "fair_line.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace troupe;
using namespace troupe::actors;
using protocol::priority;
using protocol::test::random_source;

namespace {

/// Nobody goes ahead of their turn.
fair_shares in_turn(std::map<std::string, std::uint32_t> weights = {}) {
  return {std::move(weights), 0, 10'000};
}

struct line_desk {
  explicit line_desk(fair_shares shares = in_turn()) : it(std::move(shares)) {}

  line_entry add(std::string_view tenant, std::uint64_t tokens = 100,
                 priority urgency = priority::medium) {
    const line_entry made{tenant, urgency, ++arrivals, {tokens, 0}};
    it.add(made);
    return made;
  }
  /// The next call goes.
  line_entry take() {
    auto first = it.first();
    first.tenant = *names.insert(std::string{first.tenant}).first;
    it.remove(first);
    it.charge(first);
    return first;
  }

  fair_line it;
  std::uint64_t arrivals = 0;
  std::set<std::string, std::less<>> names;
};

} // namespace

TEST_CASE("tenants share tokens, however many calls each of them has",
          "[fair_line]") {
  line_desk it;
  for (int i = 0; i < 900; ++i)
    it.add("greedy", 50);
  for (int i = 0; i < 100; ++i)
    it.add("modest", 200);
  std::map<std::string, std::uint64_t, std::less<>> got;
  for (int i = 0; i < 300; ++i) {
    const auto call = it.take();
    got[std::string{call.tenant}] += call.cost.input;
  }
  CHECK(got["greedy"] >= got["modest"] - 250);
  CHECK(got["greedy"] <= got["modest"] + 250);
}

TEST_CASE("a tenant gets by its weight, which is from 1 to 1,000",
          "[fair_line]") {
  const auto weight = GENERATE(1U, 2U, 999U, 1'000U);
  line_desk it{in_turn({{"a", weight}, {"b", 0}})}; // 0 counts as 1
  line_desk more{in_turn({{"a", 1'001}})};          // as 1,000
  for (int i = 0; i < 3'000; ++i) {
    it.add("a");
    it.add("b");
    more.add("a");
    more.add("b");
  }
  const auto of_a = [](line_desk& line, int calls) {
    int count = 0;
    for (int i = 0; i < calls; ++i)
      count += line.take().tenant == "a" ? 1 : 0;
    return count;
  };
  CHECK(std::abs(of_a(it, 2'002)
                 - static_cast<int>(2'002 * weight)
                       / static_cast<int>(weight + 1))
        <= 1);
  CHECK(of_a(more, 1'001 * 2) == 2'000);
}

TEST_CASE("within a tenant the most urgent goes first, then the oldest",
          "[fair_line]") {
  line_desk it;
  const auto medium = it.add("a");
  const auto low = it.add("a", 100, priority::low);
  const auto critical = it.add("a", 100, priority::critical);
  const auto later = it.add("a");
  CHECK(it.take().arrival == critical.arrival);
  CHECK(it.take().arrival == medium.arrival);
  CHECK(it.take().arrival == later.arrival);
  CHECK(it.take().arrival == low.arrival);
  CHECK(it.it.empty());
}

TEST_CASE("who comes back after a pause has saved nothing up", "[fair_line]") {
  line_desk it;
  for (int i = 0; i < 1'000; ++i)
    it.add("always");
  for (int i = 0; i < 500; ++i)
    it.take();
  for (int i = 0; i < 100; ++i)
    it.add("sometimes");
  int count = 0;
  for (int i = 0; i < 20; ++i)
    count += it.take().tenant == "sometimes" ? 1 : 0;
  CHECK(count >= 9);
  CHECK(count <= 11);
}

TEST_CASE("what a call did not use comes back to its tenant", "[fair_line]") {
  line_desk it;
  for (int i = 0; i < 400; ++i) {
    it.add("a", 1'000); // and uses 100
    it.add("b", 100);
  }
  int of_a = 0;
  for (int i = 0; i < 200; ++i) {
    const auto call = it.take();
    of_a += call.tenant == "a" ? 1 : 0;
    it.it.correct(call, {100, 0});
  }
  CHECK(of_a >= 98);
  CHECK(of_a <= 102);
}

TEST_CASE("critical calls go ahead with a share of the tokens and no more",
          "[fair_line]") {
  const auto permille = GENERATE(0U, 100U, 500U, 900U, 4'000U);
  fair_shares shares;
  shares.urgent_permille = permille;
  line_desk it{shares};
  // Its own share is the smallest part of what it asks for.
  for (int i = 0; i < 8'000; ++i)
    it.add("pushy", 100, priority::critical);
  for (int tenant = 0; tenant < 99; ++tenant)
    for (int i = 0; i < 120; ++i)
      it.add(std::to_string(tenant), 100);
  std::uint64_t pushy = 0;
  constexpr std::uint64_t calls = 4'000;
  for (std::uint64_t i = 0; i < calls; ++i)
    pushy += it.take().tenant == "pushy" ? 1 : 0;
  const auto share = std::min(permille, 900U);
  // And what may be saved up, 32,000 tokens over what is not the share.
  const auto most = calls * share / 1'000 + 320'000 / (1'000 - share) + 102;
  CHECK(pushy <= most);
  CHECK(pushy >= calls * share / 1'000);
  CHECK(pushy >= calls / 100);
}

TEST_CASE("only so many tenants are remembered that wait for nothing",
          "[fair_line]") {
  fair_shares shares;
  shares.tenants_max = 10;
  line_desk it{shares};
  const auto held = it.add("waits");
  for (int i = 0; i < 1'000; ++i) {
    const auto name = std::to_string(i);
    it.it.charge({name, priority::medium, ++it.arrivals, {1'000, 0}});
    CHECK(it.it.tenants() <= 11);
  }
  CHECK(it.it.first().arrival == held.arrival);
  it.it.correct({"17", priority::medium, 17, {1'000, 0}}, {}); // forgotten
  it.it.remove({"nobody", priority::medium, 5, {}});
  CHECK(it.it.tenants() <= 11);
}

TEST_CASE("no amount is too much to be counted", "[fair_line]") {
  line_desk it;
  for (int i = 0; i < 100; ++i)
    it.add(i % 2 == 0 ? "a" : "b", UINT64_MAX);
  for (int i = 0; i < 50; ++i) {
    const auto first = it.take();
    it.it.correct(first, {UINT64_MAX, UINT64_MAX});
    CHECK(it.take().tenant != first.tenant);
  }
}

TEST_CASE(
    "while tenants wait, none gets more than its share and a call of each",
    "[fair_line]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 12));
  CAPTURE(seed);
  random_source random{seed};
  const std::map<std::string, std::uint32_t> weights{
      {"a", 1},
      {"b", 1 + static_cast<std::uint32_t>(random.below(9))},
      {"c", 3}};
  line_desk it{in_turn(weights)};
  constexpr std::uint64_t largest = 5'000;
  std::map<std::string, double> got, waiting;
  const auto add = [&](const std::string& tenant) {
    it.add(weights.find(tenant)->first, 1 + random.below(largest));
    waiting[tenant] += 1;
  };
  const bool corrects = random.coin();
  const std::size_t open_max = corrects ? 8 : 0;
  std::vector<line_entry> open;
  for (int step = 0; step < 4'000; ++step) {
    for (const auto& [tenant, weight] : weights)
      while (waiting[tenant] < 3)
        add(tenant);
    it.add("now and then", 1 + random.below(largest), priority::high);
    const auto call = it.take();
    const std::string tenant{call.tenant};
    waiting[tenant] -= 1;
    got[tenant] += static_cast<double>(call.cost.input);
    open.push_back(call);
    while (open.size() > open_max) {
      const auto at = random.below(open.size());
      const auto ended = open[at];
      open.erase(open.begin() + static_cast<std::ptrdiff_t>(at));
      const auto used = corrects ? ended.cost.input / 2 : ended.cost.input;
      it.it.correct(ended, {used, 0});
      got[std::string{ended.tenant}] -=
          static_cast<double>(ended.cost.input - used);
    }
    for (const auto& [one, weight] : weights)
      for (const auto& [other, its] : weights) {
        const auto difference = got[one] / weight - got[other] / its;
        const auto each = 1.0 / weight + 1.0 / its;
        REQUIRE(difference
                <= static_cast<double>(largest * (1 + open_max)) * each + 1);
      }
  }
}

TEST_CASE("nobody waits for ever, whoever else comes", "[fair_line]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 8));
  CAPTURE(seed);
  random_source random{seed};
  fair_shares shares;
  shares.weights["heavy"] = 10;
  line_desk it{shares};
  for (int i = 0; i < 10; ++i) // has had much, a moment ago
    it.it.charge({"patient", priority::low, ++it.arrivals, {5'000, 0}});
  const auto low = it.add("patient", 5'000, priority::low);
  int others = 0;
  for (int waiting = 0;; ++others) {
    REQUIRE(others < 20'000);
    while (waiting < 50) {
      if (waiting++ % 2 == 0)
        it.add("heavy", 1 + random.below(5'000), priority::critical);
      else
        it.add(*it.names.insert(std::to_string(it.arrivals)).first,
               1 + random.below(100),
               random.coin() ? priority::critical : priority::medium);
    }
    const auto call = it.take();
    waiting -= 1;
    if (call.arrival == low.arrival)
      break;
    it.it.correct(call, {call.cost.input / 2, 0});
  }
  CHECK(others > 10); // it was not its turn
}

namespace {

/// The same rules, by looking at all that wait.
struct slow_line {
  std::vector<line_entry> calls;

  void add(const line_entry& it) { calls.push_back(it); }
  void remove(const line_entry& it) {
    std::erase_if(calls,
                  [&](const auto& one) { return one.arrival == it.arrival; });
  }
  /// Of its tenant, with nobody going ahead of their turn.
  [[nodiscard]] std::uint64_t first_of(std::string_view tenant) const {
    const line_entry* best = nullptr;
    for (const auto& one : calls)
      if (one.tenant == tenant
          && (best == nullptr || one.urgency > best->urgency
              || (one.urgency == best->urgency && one.arrival < best->arrival)))
        best = &one;
    return best->arrival;
  }
};

} // namespace

TEST_CASE("who would go first is who goes first, and nobody is lost",
          "[fair_line]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 40));
  CAPTURE(seed);
  random_source random{seed};
  const std::vector<std::string> tenants{"a", "b", "c", "d", "e"};
  fair_shares shares{{{"b", 3}},
                     static_cast<std::uint32_t>(random.below(901)),
                     random.below(4)};
  line_desk it{shares};
  slow_line slow;
  std::vector<line_entry> open;
  for (int step = 0; step < 2'000; ++step) {
    const auto what = random.below(10);
    if (what < 5) {
      const line_entry made{tenants[random.below(tenants.size())],
                            static_cast<priority>(random.below(4)),
                            ++it.arrivals,
                            {random.below(3'000), random.below(500)}};
      const auto ahead = it.it.ahead_of(made);
      std::uint64_t calls = 0;
      for (const auto& one : slow.calls)
        calls += one.tenant == made.tenant && one.urgency >= made.urgency;
      REQUIRE(ahead.calls == calls);
      const bool first = it.it.goes_first(made);
      it.it.add(made);
      slow.add(made);
      REQUIRE((it.it.first().arrival == made.arrival) == first);
    } else if (what < 8 && !slow.calls.empty()) {
      const auto first = it.it.first();
      REQUIRE(first.arrival == slow.first_of(first.tenant));
      const auto call = it.take();
      REQUIRE(it.it.empty() == (slow.calls.size() == 1));
      slow.remove(call);
      open.push_back(call);
    } else if (what == 8 && !slow.calls.empty()) {
      const auto gone = slow.calls[random.below(slow.calls.size())];
      it.it.remove(gone);
      it.it.remove(gone); // not there any more
      slow.remove(gone);
    } else if (!open.empty()) {
      it.it.correct(open.back(), {random.below(4'000), 0});
      open.pop_back();
    }
    REQUIRE(it.it.empty() == slow.calls.empty());
  }
}
