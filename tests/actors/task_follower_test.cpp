#include "support/actors/spy.hpp"
#include "support/actors/task_watcher.hpp"
#include "support/catch.hpp"
#include "troupe/actors/function_agent.hpp"
#include "troupe/actors/model_agent.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using lines = std::vector<std::string>;

namespace {

protocol::request<protocol::perform_task> task(std::uint64_t number = 1) {
  protocol::request<protocol::perform_task> msg;
  msg.head.message = {1, number};
  msg.head.cancel_scope = {5, number};
  msg.body.task = "t";
  msg.body.prompt = "Write.";
  return msg;
}

/// An agent with a model that a test plays.
struct studio {
  explicit studio(std::size_t tasks_max = 10) {
    protocol::agent_spec spec;
    spec.card.name = "writer";
    model_agent_config config;
    config.spec = std::make_shared<const protocol::agent_spec>(spec);
    config.router = test::spawn_spy(world, router);
    config.tasks_max = tasks_max;
    config.clock = world.clock();
    agent = world.keep(spawn_model_agent(world.system(), std::move(config)));
  }

  std::shared_ptr<test::task_story> watch(std::uint64_t number = 1) {
    auto story = std::make_shared<test::task_story>();
    test::watch_task(world.system(), agent, task(number), story);
    world.run();
    return story;
  }

  test::virtual_time world;
  std::shared_ptr<test::provider_spy> router =
      std::make_shared<test::provider_spy>();
  agent_actor agent;
};

/// A blocking agent on real threads.
struct workshop {
  explicit workshop(task_code code, std::size_t waiting_max = 4) {
    function_agent_config config;
    config.name = "worker";
    config.is_blocking = true;
    config.waiting_max = waiting_max;
    config.clock = make_wall_clock(system);
    config.code = std::move(code);
    agent = spawn_function_agent(system, std::move(config));
  }
  ~workshop() { caf::anon_send_exit(agent, caf::exit_reason::user_shutdown); }
  workshop(const workshop&) = delete;
  workshop& operator=(const workshop&) = delete;

  std::shared_ptr<test::task_story> watch(std::uint64_t number = 1) {
    auto story = std::make_shared<test::task_story>();
    test::watch_task(system, agent, task(number), story);
    return story;
  }

  system_config config_{2};
  caf::actor_system system{config_};
  agent_actor agent;
};

lines told(test::task_story& story) {
  REQUIRE(story.end.get_future().wait_for(20s) == std::future_status::ready);
  return story.told;
}

} // namespace

TEST_CASE("a model agent tells the life of a task", "[task_follower]") {
  studio it;
  const auto story = it.watch();
  CHECK(story->told == lines{"accepted behind 0", "started"});
  it.router->release(0, test::reply_of("Done."));
  it.world.run();
  CHECK(story->told
        == lines{"accepted behind 0", "started", "finished: done", "answered"});
}

TEST_CASE("a model agent tells that a task failed or was cancelled",
          "[task_follower]") {
  studio it;
  const auto failing = it.watch(1);
  it.router->release(0, protocol::fail(errc::provider_rejected, "no"));
  it.world.run();
  CHECK(failing->told.at(2) == "finished: failed provider_rejected");
  const auto stopped = it.watch(2);
  protocol::coordination<protocol::cancel> stop;
  stop.body = {{5, 2}, "enough"};
  it.world.tell(it.agent, stop);
  CHECK(stopped->told.at(2) == "finished: cancelled cancelled");
}

TEST_CASE("an agent that has no room refuses a task and tells nothing more",
          "[task_follower]") {
  studio it{1};
  const auto first = it.watch(1);
  const auto second = it.watch(2);
  CHECK(second->told == lines{"refused: overloaded", "an error"});
}

TEST_CASE("who does not want to know is told nothing", "[task_follower]") {
  studio it;
  const auto asked =
      it.world.ask<protocol::response<protocol::task_result>>(it.agent, task());
  CHECK(
      it.world
          .answer<protocol::response<protocol::task_result>>(it.agent, task(2))
          .has_error());
  CHECK(asked->answers == 0);
}

TEST_CASE("a blocking agent tells who waits, begins, how far it is and its end",
          "[task_follower]") {
  std::promise<void> begun;
  std::promise<void> go;
  std::atomic<int> calls = 0;
  workshop it{[&](const task_work& work) {
    if (calls++ == 0) {
      begun.set_value();
      go.get_future().wait();
    }
    work.link.progress(300, "reads");
    work.link.progress(400, "too soon to tell");
    work.link.progress(5'000, "done");
    return protocol::result<protocol::task_result>{protocol::task_result{}};
  }};
  const auto first = it.watch(1);
  begun.get_future().wait();
  const auto second = it.watch(2);
  go.set_value();
  CHECK(told(*first)
        == lines{"accepted behind 0", "started", "300 reads", "1000 done",
                 "finished: done", "answered"});
  // The second one is taken before or after the first has ended.
  auto later = told(*second);
  CHECK((later.at(0) == "accepted behind 1"
         || later.at(0) == "accepted behind 0"));
  later.erase(later.begin());
  CHECK(later
        == lines{"started", "300 reads", "1000 done", "finished: done",
                 "answered"});
}

TEST_CASE("a blocking agent tells that its code failed, and that it is full",
          "[task_follower]") {
  std::promise<void> begun;
  std::promise<void> go;
  workshop it{[&](const task_work&) -> protocol::result<protocol::task_result> {
                begun.set_value();
                go.get_future().wait();
                throw std::runtime_error{"boom"};
              },
              1};
  const auto first = it.watch(1);
  begun.get_future().wait();
  CHECK(told(*it.watch(2)) == lines{"refused: overloaded", "an error"});
  go.set_value();
  CHECK(told(*first)
        == lines{"accepted behind 0", "started",
                 "finished: failed agent_failed", "an error"});
}
