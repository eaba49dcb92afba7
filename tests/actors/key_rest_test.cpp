// What becomes of calls when a provider's key is of no use.
#include "key_rest.hpp"
#include "support/actors/models_world.hpp"
#include "support/actors/show_result.hpp"
#include "troupe/actors/key_trouble.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::instant;
using protocol::tier;
using test::model_of;
using test::models_world;

namespace {

using ids = std::vector<std::string>;

constexpr instant start{100h};

const auto unauthorized = protocol::fail(errc::provider_unauthorized, "401");

protocol::error spent(protocol::duration until) {
  auto it = protocol::fail(errc::provider_unfunded, "429");
  it.retry_after = until;
  return it;
}

/// Two models of one provider, and a dearer one of another.
router_config two_of_a_key() {
  router_config config;
  config.models = {model_of("a/1", tier::basic, 1, 1),
                   model_of("a/2", tier::basic, 2, 2),
                   model_of("b/3", tier::basic, 3, 3)};
  config.attempts_max = 3;
  return config;
}

std::string answered_by(models_world& it) {
  const auto asked = it.ask();
  REQUIRE(asked->answers == 1);
  REQUIRE(asked->outcome->has_value());
  return (*asked->outcome)->body.model;
}

} // namespace

TEST_CASE("a key rests once it was refused again and again, longer each time",
          "[key_rest]") {
  key_rest it{breaker_limits{}};
  for (std::uint32_t i = 1; i < key_rest::refusals_needed; ++i)
    it.refused(unauthorized, start);
  CHECK(it.is_over(start));
  it.refused(unauthorized, start);
  CHECK_FALSE(it.is_over(start + 5s - 1ms));
  CHECK(it.is_over(start + 5s));
  it.refused(unauthorized, start + 5s); // the first after it
  CHECK_FALSE(it.is_over(start + 15s - 1ms));
  CHECK(it.is_over(start + 15s));
}

TEST_CASE("no rest of a key is longer than a breaker's longest", "[key_rest]") {
  key_rest it{breaker_limits{}};
  auto now = start;
  for (int i = 0; i < 40; ++i) {
    it.refused(unauthorized, now);
    now += 5min;
    REQUIRE(it.is_over(now));
  }
}

TEST_CASE("calls that were on their way do not make a rest longer",
          "[key_rest]") {
  key_rest it{breaker_limits{}};
  for (int i = 0; i < 100; ++i)
    it.refused(unauthorized, start);
  CHECK(it.is_over(start + 5s));
}

TEST_CASE("an answer ends a rest and forgets what was before", "[key_rest]") {
  key_rest it{breaker_limits{}};
  it.refused(unauthorized, start);
  it.refused(unauthorized, start);
  CHECK_FALSE(it.answered(start));
  it.refused(unauthorized, start);
  CHECK(it.is_over(start));
  it.refused(unauthorized, start);
  it.refused(unauthorized, start);
  REQUIRE_FALSE(it.is_over(start));
  CHECK(it.answered(start));
  CHECK(it.is_over(start));
}

TEST_CASE("a date that was told is kept, whoever answers before it",
          "[key_rest]") {
  key_rest it{breaker_limits{}};
  it.refused(spent(200h), start);
  CHECK_FALSE(it.answered(start));
  it.refused(spent(1h), start);
  CHECK_FALSE(it.is_over(start + 200h - 1ms));
  CHECK(it.is_over(start + 200h));
  CHECK(it.turn(7) >= start + 200h);
  CHECK(it.turn(7) <= start + 200h + 5s);
}

TEST_CASE("a failure is of a key when no other model would do better",
          "[key_rest]") {
  CHECK(is_of_key(unauthorized));
  CHECK(is_of_key(spent(1h)));
  CHECK_FALSE(is_of_key(protocol::fail(errc::provider_throttled, "429")));
  CHECK_FALSE(is_of_key(protocol::fail(errc::provider_unavailable, "503")));
}

TEST_CASE("no model of a key that is spent is asked until its date",
          "[router]") {
  models_world it{two_of_a_key()};
  it.outcomes["a/1"] = spent(2h);
  CHECK(answered_by(it) == "b/3"); // a/2 has the same key
  CHECK(it.order() == ids{"a/1", "b/3"});
  it.outcomes.erase("a/1");
  CHECK(answered_by(it) == "b/3");
  it.world.pass(2h + 5s);
  CHECK(answered_by(it) == "a/1");
}

TEST_CASE("a wait that one model asks for leaves the others of its key alone",
          "[router]") {
  models_world it{two_of_a_key()};
  auto busy = protocol::fail(errc::provider_throttled, "slowly");
  busy.retry_after = 2h;
  it.outcomes["a/1"] = busy;
  CHECK(answered_by(it) == "a/2");
}

TEST_CASE("a key that is refused makes its provider rest, not one model",
          "[router]") {
  models_world it{two_of_a_key()};
  it.outcomes["a/1"] = unauthorized;
  it.outcomes["a/2"] = unauthorized;
  CHECK(answered_by(it) == "b/3");
  CHECK(answered_by(it) == "b/3");
  it.order();
  it.outcomes.clear();
  CHECK(answered_by(it) == "b/3");
  CHECK(it.order() == ids{"b/3"});
  it.world.pass(6s);
  CHECK(answered_by(it) == "a/1"); // its breaker has counted nothing
}

TEST_CASE("one model that a key may not use does not make the others rest",
          "[router]") {
  models_world it{two_of_a_key()};
  it.outcomes["a/1"] = unauthorized;
  for (int i = 0; i < 20; ++i)
    CHECK(answered_by(it) == "a/2");
}

TEST_CASE("calls that wait for a key go when it is let in again", "[router]") {
  auto config = two_of_a_key();
  config.models.pop_back();
  models_world it{std::move(config)};
  it.outcomes["a/1"] = unauthorized;
  it.outcomes["a/2"] = unauthorized;
  CHECK(it.ask()->code() == errc::provider_unauthorized);
  it.outcomes["a/1"] = std::nullopt; // held
  const auto early = it.ask();
  it.outcomes["a/1"] = unauthorized;
  const auto third = it.ask(); // refused at a/1; a/2 is not asked any more
  CHECK(third->is_open());
  it.outcomes.clear();
  const auto waits = it.ask();
  CHECK(waits->is_open());
  it.spies["a"]->release(0, test::reply_of("hello"));
  it.world.run();
  CHECK(early->outcome->has_value());
  for (const auto& asked : {third, waits}) {
    REQUIRE(asked->answers == 1);
    CHECK(asked->outcome->has_value());
  }
}

TEST_CASE("a call that cannot wait for a key's date ends at once", "[router]") {
  auto config = two_of_a_key();
  config.models.pop_back();
  models_world it{std::move(config)};
  it.outcomes["a/1"] = spent(240h);
  const auto first = it.ask();
  REQUIRE(first->code() == errc::provider_unfunded);
  const auto next = it.ask();
  REQUIRE(next->code() == errc::provider_unavailable);
  CHECK(next->outcome->error().retry_after >= 240h);
  CHECK(it.order() == ids{"a/1"});
}
