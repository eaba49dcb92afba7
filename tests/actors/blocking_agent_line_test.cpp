// In which order a blocking agent takes what waits for it.
#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/function_agent.hpp"
#include "troupe/actors/system_config.hpp"

#include <caf/all.hpp>

#include <optional>
#include <semaphore>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::priority;

namespace {

using perform = protocol::request<protocol::perform_task>;
using done = protocol::response<protocol::task_result>;

constexpr auto patience = 20s; // of tests with real threads

/// An agent whose first task waits until it is let go; the others tell in
/// which order they were begun.
struct line_world {
  line_world() {
    function_agent_config config;
    config.is_blocking = true;
    config.waiting_max = 20;
    config.clock = make_wall_clock(system);
    config.code = [this](const task_work& it) {
      if (it.asked.body.prompt == "first") {
        begun.release();
        REQUIRE(let_go.try_acquire_for(patience));
      } else {
        order += it.asked.body.prompt; // on the agent's one thread
      }
      return protocol::result<protocol::task_result>{protocol::task_result{}};
    };
    agent = spawn_function_agent(system, std::move(config));
  }
  ~line_world() {
    let_go.release();
    caf::anon_send_exit(agent, caf::exit_reason::user_shutdown);
  }
  line_world(const line_world&) = delete;
  line_world& operator=(const line_world&) = delete;

  using answer = decltype(std::declval<caf::scoped_actor&>()->request(
      std::declval<agent_actor&>(), caf::duration{patience}, perform{}));

  /// A task of that run.
  answer ask(std::string name, std::uint64_t run,
             priority urgency = priority::medium,
             std::chrono::seconds deadline = {}) {
    perform msg;
    msg.head.message = {1, ++asked};
    msg.head.cancel_scope = {5, asked};
    msg.head.conversation = {7, run};
    msg.head.urgency = urgency;
    if (deadline != 0s)
      msg.head.deadline = clock.at(system.clock().now()) + deadline;
    msg.body.prompt = std::move(name);
    return self->request(agent, caf::duration{patience}, msg);
  }
  /// Nothing: it was done.
  std::optional<errc> take(answer& from) {
    std::optional<errc> code;
    from.receive([](done&) {},
                 [&](const caf::error& why) { code = from_caf(why).code; });
    return code;
  }

  system_config config_{2};
  caf::actor_system system{config_};
  wall_clock clock = make_wall_clock(system);
  caf::scoped_actor self{system};
  std::binary_semaphore begun{0};
  std::binary_semaphore let_go{0};
  std::string order;
  std::uint64_t asked = 0;
  agent_actor agent;
};

} // namespace

TEST_CASE("Q5: a blocking agent takes the tasks of runs in turn",
          "[blocking_agent]") {
  line_world it;
  std::vector<line_world::answer> all;
  all.push_back(it.ask("first", 1));
  REQUIRE(it.begun.try_acquire_for(patience));
  for (const auto* name : {"a", "b", "c"})
    all.push_back(it.ask(name, 1));
  for (const auto* name : {"x", "y"})
    all.push_back(it.ask(name, 2));
  it.let_go.release();
  for (auto& one : all)
    CHECK_FALSE(it.take(one));
  CHECK(it.order == "axbyc");
}

TEST_CASE("what is urgent goes first to a blocking agent, then what is due",
          "[blocking_agent]") {
  line_world it;
  std::vector<line_world::answer> all;
  all.push_back(it.ask("first", 1));
  REQUIRE(it.begun.try_acquire_for(patience));
  all.push_back(it.ask("a", 1, priority::medium, 600s));
  all.push_back(it.ask("b", 2, priority::medium, 300s));
  all.push_back(it.ask("c", 3, priority::high));
  all.push_back(it.ask("d", 4, priority::low, 200s));
  it.let_go.release();
  for (auto& one : all)
    CHECK_FALSE(it.take(one));
  CHECK(it.order == "cbad");
}

TEST_CASE("a task that is cancelled while it waits for a blocking agent is not "
          "begun",
          "[blocking_agent]") {
  line_world it;
  std::vector<line_world::answer> all;
  all.push_back(it.ask("first", 1));
  REQUIRE(it.begun.try_acquire_for(patience));
  all.push_back(it.ask("a", 1));
  all.push_back(it.ask("b", 1));
  it.self->send(it.agent, protocol::coordination<protocol::cancel>{
                              {}, {{5, 2}, "not wanted"}});
  CHECK(it.take(all[1]) == errc::cancelled);
  it.let_go.release();
  CHECK_FALSE(it.take(all[0]));
  CHECK_FALSE(it.take(all[2]));
  CHECK(it.order == "b");
}

TEST_CASE(
    "a blocking agent whose task was cancelled goes on when its thread is "
    "free",
    "[blocking_agent]") {
  line_world it;
  std::vector<line_world::answer> all;
  all.push_back(it.ask("first", 1));
  REQUIRE(it.begun.try_acquire_for(patience));
  all.push_back(it.ask("a", 1));
  it.self->send(it.agent, protocol::coordination<protocol::cancel>{
                              {}, {{5, 1}, "not wanted"}});
  CHECK(it.take(all[0]) == errc::cancelled);
  CHECK(it.order.empty());
  it.let_go.release();
  CHECK_FALSE(it.take(all[1]));
  CHECK(it.order == "a");
}
