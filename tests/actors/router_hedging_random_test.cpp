// Many histories of calls that may have second ones, by seed.
#include "support/actors/hedge_world.hpp"
#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"
#include "support/rounds.hpp"

#include <algorithm>
#include <set>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::money;
using protocol::test::random_source;
using test::hedge_world;
using test::reply_of;

namespace {

/// In what world a history goes.
struct setting {
  std::uint32_t places = 6; ///< Calls at one time, of each provider.
  bool is_poor = false;     ///< Some calls find no money.
};

router_config strict() {
  router_config config;
  // A probe that is not given back would be missed for ever.
  config.breakers.probe_lease = 24h;
  config.breakers.consecutive = 3;
  config.breakers.open_first = 1s;
  config.breakers.open_max = 2s;
  config.hedging = {900, 500, 50};
  config.retries.burst = 1'000;
  return config;
}

/// What providers and askers may do, in any order.
class history {
public:
  history(std::uint64_t seed, const setting& how)
      : how_(how), random_(seed),
        world_(strict(), {{"first", {0, 0, 0, how.places}},
                          {"second", {0, 0, 0, how.places}}}) {
    world_.learn(16);
    done_first_ = world_.first->held.size();
    for (std::size_t i = 0; i < done_first_; ++i)
      ended_.insert({world_.first.get(), i});
  }

  void run(int steps) {
    for (int i = 0; i < steps; ++i)
      step();
  }

  /// All that is open ends, well or not.
  void end_all() {
    for (int round = 0; round < 40 && !is_quiet(); ++round) {
      for (auto* it : {world_.first.get(), world_.second.get()})
        for (std::size_t at = 0; at < it->held.size(); ++at)
          end(*it, at, true);
      world_.world.advance(2s);
    }
  }

  void check() {
    for (const auto& it : asked_)
      CHECK(it->answers == 1);
    const auto books = world_.account();
    CHECK(books.open_reservations == 0);
    CHECK(books.reserved == money{});
    // What was billed or may be, and nothing else, is spent.
    CHECK(books.spent - books.unknown == billed_ + learned());
    world_.open_account(money::max());
    check_places(*world_.first, "first/small");
    check_places(*world_.second, "second/big");
  }

  [[nodiscard]] std::uint64_t hedges_seen() const {
    std::uint64_t sum = 0;
    for (const auto& it : asked_)
      if (it->outcome && it->outcome->has_value())
        sum += (*it->outcome)->body.hedges;
    return sum;
  }

private:
  using spy = test::provider_spy;

  [[nodiscard]] money learned() const {
    return money{static_cast<std::int64_t>(done_first_) * 35'000};
  }

  bool is_quiet() {
    return world_.account().open_reservations == 0
           && std::none_of(asked_.begin(), asked_.end(),
                           [](const auto& it) { return it->is_open(); });
  }

  spy& any() { return random_.coin() ? *world_.first : *world_.second; }

  void step() {
    switch (random_.below(8)) {
    case 0:
    case 1:
      return ask();
    case 2:
      return world_.world.advance(
          std::chrono::milliseconds{random_.below(400)});
    case 3:
      return cancel();
    case 4:
      return tell_piece();
    case 5:
      world_.first->confirms_cancel = random_.coin();
      world_.second->confirms_cancel = random_.coin();
      return;
    default:
      end_one();
    }
  }

  void ask() {
    if (how_.is_poor) {
      const auto more = static_cast<std::int64_t>(random_.below(4'000'000));
      world_.open_account(world_.account().spent + world_.account().reserved
                          + money{more});
    }
    auto what = world_.hedged(++world_.calls);
    what.body.stream = random_.below(3) != 0;
    what.body.terms.hedge = random_.below(5) != 0;
    if (random_.below(4) == 0)
      what.body.model = "first/small";
    if (random_.below(4) == 0)
      what.head.deadline = world_.world.now() + 1s;
    asked_.push_back(world_.ask(what));
  }

  void cancel() {
    if (random_.below(3) == 0 && !asked_.empty())
      world_.cancel({5, world_.calls - random_.below(asked_.size())});
  }

  void tell_piece() {
    auto& at = any();
    if (!at.asked.empty())
      world_.tell_piece(at, random_.below(at.asked.size()), "piece");
  }

  void end_one() {
    auto& at = any();
    if (!at.held.empty())
      end(at, random_.below(at.held.size()), random_.below(3) != 0);
  }

  void end(spy& at, std::size_t which, bool is_well) {
    auto& it = at.held.at(which);
    if (!it.promise.pending() || !ended_.insert({&at, which}).second)
      return;
    // What comes after its time is not taken, nor billed.
    const bool is_late = world_.world.now() >= it.head.deadline + 500ms;
    if (!is_well)
      return world_.answer(at, which, failure());
    world_.answer(at, which, reply_of("hello", 10, 5));
    if (!is_late)
      billed_ += money{&at == world_.first.get() ? 35'000 : 70'000};
  }

  protocol::error failure() {
    constexpr std::array codes{errc::provider_unavailable,
                               errc::provider_timeout, errc::provider_throttled,
                               errc::content_refused, errc::stream_truncated};
    return protocol::fail(codes.at(random_.below(codes.size())), "as told");
  }

  /// As many calls as ever may be open there again.
  void check_places(spy& at, const std::string& model) {
    at.script = test::answering(test::call_outcome{reply_of("hello")});
    for (int i = 0; i < 4; ++i) { // probes, and limits that 429s have lowered
      pin(model);
      world_.world.advance(10s);
    }
    for (int i = 0; i < 30; ++i)
      pin(model);
    at.script = nullptr;
    const auto before = at.asked.size();
    for (std::uint32_t i = 0; i <= how_.places; ++i)
      pin(model);
    CHECK(at.asked.size() == before + how_.places);
  }

  void pin(const std::string& model) {
    auto what = world_.hedged(++world_.calls);
    what.body.model = model;
    what.body.terms.hedge = false;
    world_.ask(what);
  }

  setting how_;
  random_source random_;
  hedge_world world_;
  std::vector<hedge_world::asked_call> asked_;
  std::set<std::pair<const spy*, std::size_t>> ended_;
  std::size_t done_first_ = 0;
  money billed_;
};

/// How many second calls there were in so many histories.
std::uint64_t run_all(std::uint64_t first_seed, const setting& how) {
  std::uint64_t hedges = 0;
  for (auto seed = first_seed; seed < first_seed + test::rounds(80); ++seed) {
    CAPTURE(seed);
    history it{seed, how};
    it.run(40);
    it.end_all();
    it.check();
    hedges += it.hedges_seen();
  }
  return hedges;
}

} // namespace

TEST_CASE("whatever happens, each call is answered once and all is given back",
          "[router][hedging]") {
  CHECK(run_all(1, {}) >= test::rounds(31));
}

TEST_CASE("so it is where providers have places for few calls",
          "[router][hedging]") {
  CHECK(run_all(1'001, {2, false}) >= test::rounds(6));
}

TEST_CASE("so it is where money is short", "[router][hedging]") {
  CHECK(run_all(2'001, {6, true}) >= test::rounds(6));
}

TEST_CASE("so it is where both are", "[router][hedging]") {
  CHECK(run_all(3'001, {2, true}) >= test::rounds(2));
}
