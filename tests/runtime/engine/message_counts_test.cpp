#include "support/catch.hpp"
#include "troupe/runtime/runtime.hpp"

#include <future>
#include <utility>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::errc;

namespace {

runtime_config one_place() {
  runtime_config config;
  config.log.level = log_level::off;
  config.threads = 2;
  config.limits.mailbox_messages = 1;
  return config;
}

protocol::agent_card ann() {
  protocol::agent_card card;
  card.name = "ann";
  return card;
}

protocol::result<std::string> do_it(const task_view& /*task*/) {
  return std::string{"done"};
}

} // namespace

TEST_CASE("what an agent's mailbox has no room for is counted and listed",
          "[message_counts]") {
  auto troupe = runtime::create(one_place());
  REQUIRE(troupe.has_value());
  std::promise<void> begun;
  std::promise<void> released;
  const auto hold = [&, first = true](const protocol::announcement&) mutable {
    if (!std::exchange(first, false))
      return;
    begun.set_value();
    released.get_future().wait_for(10s);
  };
  REQUIRE(
      troupe->add_agent(ann(), do_it, execution::inline_, hold).has_value());
  const protocol::broadcast news{"", "", "", "news"};
  const auto heard = troupe->broadcast(news, "bob");
  REQUIRE(begun.get_future().wait_for(10s) == std::future_status::ready);
  const auto waits = troupe->broadcast(news, "bob");
  const auto refused = troupe->broadcast(news, "bob");
  released.set_value();
  CHECK(*heard == protocol::broadcast_sent{1, 0});
  CHECK(*waits == protocol::broadcast_sent{1, 0});
  CHECK(*refused == protocol::broadcast_sent{0, 1});
  CHECK(troupe->message_counts().refused == 1);
  const auto letters = troupe->dead_letters();
  REQUIRE(letters.size() == 1);
  CHECK(letters[0].type == "announcement");
  CHECK(letters[0].receiver == "ann");
  CHECK(letters[0].why.code == errc::overloaded);
}

TEST_CASE("R1: the requests of a run that is over have one outcome each",
          "[message_counts]") {
  auto troupe = runtime::create(one_place());
  REQUIRE(troupe.has_value());
  REQUIRE(troupe->add_agent(ann(), do_it).has_value());
  protocol::mission mission;
  mission.name = "one";
  mission.tasks.resize(1);
  mission.tasks[0].id = "a";
  mission.tasks[0].agent = "ann";
  mission.tasks[0].prompt = "Do it.";
  const auto report = troupe->run(mission);
  INFO((report ? std::string{} : report.error().detail));
  REQUIRE(report.has_value());
  const auto counts = troupe->message_counts();
  CHECK(counts.requests > 0);
  CHECK(counts.answered == counts.requests);
}
