#include "support/catch.hpp"
#include "support/virtual_time.hpp"

#include <troupe/actors/function_agent.hpp>
#include <troupe/actors/registry.hpp>
#include <troupe/actors/state_store.hpp>

#include <caf/all.hpp>

#include <map>
#include <random>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

TEST_CASE("only the latest life of a name counts", "[incarnation_book]") {
  incarnation_book book;
  CHECK(book.check("a", 1).has_value()); // nothing is known of it
  CHECK(book.begin("a", 5).has_value());
  CHECK(book.begin("a", 5).has_value());
  CHECK(book.check("a", 4).error().code == errc::outdated_incarnation);
  CHECK(book.begin("a", 4).error().code == errc::outdated_incarnation);
  CHECK(book.begin("a", 6).has_value());
  CHECK(book.check("a", 5).has_error());
  CHECK(book.check("a", 6).has_value());
  CHECK(book.check("b", 1).has_value());
}

TEST_CASE("beyond its bound it forgets the life that began longest ago",
          "[incarnation_book]") {
  incarnation_book book{2};
  CHECK(book.begin("a", 1).has_value());
  CHECK(book.begin("b", 2).has_value());
  CHECK(book.begin("a", 3).has_value());
  CHECK(book.begin("c", 4).has_value()); // b goes
  CHECK(book.check("b", 1).has_value());
  CHECK(book.check("a", 1).has_error());
  CHECK(book.check("c", 3).has_error());
}

TEST_CASE("random lives never go back", "[incarnation_book]") {
  const auto seed = GENERATE(range(1U, 11U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  incarnation_book book;
  std::map<std::string, std::uint64_t> latest;
  for (int i = 0; i < 1'000; ++i) {
    const std::string name(1, static_cast<char>('a' + random() % 5));
    const auto life = std::uint64_t{random() % 100 + 1};
    const bool is_late = life < latest[name];
    REQUIRE(book.check(name, life).has_error() == is_late);
    REQUIRE(book.begin(name, life).has_error() == is_late);
    latest[name] = std::max(latest[name], life);
  }
}

namespace {

agent_actor some_agent(test::virtual_time& world) {
  function_agent_config config;
  config.name = "a";
  config.code = [](const task_work&) {
    return protocol::result<protocol::task_result>{protocol::task_result{}};
  };
  config.clock = world.clock();
  return world.keep(spawn_function_agent(world.system(), std::move(config)));
}

} // namespace

TEST_CASE("a late registration of an earlier life is refused",
          "[registry][incarnation_book]") {
  using registered = protocol::response<protocol::agent_registered>;
  test::virtual_time world;
  const auto registry =
      world.keep(spawn_registry(world.system(), {10, world.clock(), 1}));
  const auto old = some_agent(world);
  const auto fresh = some_agent(world);
  protocol::request<protocol::register_agent> ask;
  ask.body.card.name = "a";
  ask.body.incarnation = 2;
  CHECK(world.answer<registered>(registry, ask, fresh).has_value());
  ask.body.incarnation = 1;
  const auto late = world.answer<registered>(registry, ask, old);
  REQUIRE(late.has_error());
  CHECK(late.error().code == errc::outdated_incarnation);
  const auto found = world.answer<agents_located>(
      registry, locate_agents{{protocol::discover_agents{.name = "a"}}});
  REQUIRE(found.has_value());
  CHECK(found->handles.front() == fresh);
}

TEST_CASE("a late write of an earlier life is refused, and nobody's is not",
          "[state_store][incarnation_book]") {
  using written = protocol::response<protocol::state_written>;
  test::virtual_time world;
  const auto lives = std::make_shared<incarnation_book>();
  state_store_config config;
  config.clock = world.clock();
  config.lives = lives;
  const auto store =
      world.keep(spawn_state_store(world.system(), std::move(config)));
  protocol::request<protocol::write_state> ask;
  protocol::state_write change;
  change.key = "k";
  change.value = "1";
  ask.body.changes = {change};
  ask.body.writer = "a";
  ask.body.incarnation = 1;
  CHECK(world.answer<written>(store, ask).has_value());
  CHECK(lives->begin("a", 2).has_value()); // it was started again
  const auto late = world.answer<written>(store, ask);
  REQUIRE(late.has_error());
  CHECK(late.error().code == errc::outdated_incarnation);
  ask.body.incarnation = 2;
  CHECK(world.answer<written>(store, ask).value().body.versions.front() == 2);
  ask.body.writer.clear();
  ask.body.incarnation = 0;
  CHECK(world.answer<written>(store, ask).has_value());
}
