#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/function_agent.hpp"

#include <condition_variable>
#include <future>
#include <mutex>
#include <stdexcept>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

using perform = protocol::request<protocol::perform_task>;
using done = protocol::response<protocol::task_result>;
using outcome = protocol::result<protocol::task_result>;

constexpr auto patience = 20s; // of tests with real threads

perform task(std::uint64_t number = 1) {
  perform msg;
  msg.head.message = {1, number};
  msg.head.cancel_scope = {5, number};
  msg.body.prompt = "abc";
  return msg;
}

protocol::task_result result_of(std::string text) {
  protocol::task_result it;
  it.output = std::move(text);
  return it;
}

agent_actor inline_agent(test::virtual_time& world, task_code code) {
  function_agent_config config;
  config.code = std::move(code);
  config.clock = world.clock();
  return world.keep(spawn_function_agent(world.system(), std::move(config)));
}

/// Code that works until it is told to stop.
class stoppable {
public:
  outcome operator()(const task_work& work) {
    const auto& stop = work.stop;
    std::unique_lock lock{mutex_};
    ++started_;
    changed_.notify_all();
    changed_.wait_for(lock, stop, patience, [this] { return released_; });
    if (stop.stop_requested()) {
      ++stopped_;
      changed_.notify_all();
      return protocol::fail(errc::cancelled, "stopped");
    }
    return result_of("ended by itself");
  }

  bool wait_until_started() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [this] { return started_ > 0; });
  }
  bool wait_until_stopped() {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, patience, [this] { return stopped_ > 0; });
  }
  int started() {
    const std::lock_guard lock{mutex_};
    return started_;
  }
  void release() {
    const std::lock_guard lock{mutex_};
    released_ = true;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  int started_ = 0;
  int stopped_ = 0;
  bool released_ = false;
};

/// A blocking agent on real threads.
struct real_world {
  explicit real_world(std::size_t waiting_max = 4) {
    function_agent_config config;
    config.is_blocking = true;
    config.waiting_max = waiting_max;
    config.clock = make_wall_clock(system);
    config.code = [code = work](const task_work& it) {
      return (*code)(it);
    };
    agent = spawn_function_agent(system, std::move(config));
  }
  ~real_world() {
    work->release();
    caf::anon_send_exit(agent, caf::exit_reason::user_shutdown);
  }
  real_world(const real_world&) = delete;
  real_world& operator=(const real_world&) = delete;

  auto ask(const perform& msg) {
    return self->request(agent, caf::duration{patience}, msg);
  }
  template <class Pending>
  outcome take(Pending& pending) {
    outcome it = protocol::fail(errc::internal, "");
    pending.receive([&](done& answer) { it = std::move(answer.body); },
                    [&](const caf::error& why) { it = from_caf(why); });
    return it;
  }

  system_config config_{2};
  caf::actor_system system{config_};
  caf::scoped_actor self{system};
  std::shared_ptr<stoppable> work = std::make_shared<stoppable>();
  agent_actor agent;
};

} // namespace

TEST_CASE("code that returns at once answers at once", "[function_agent]") {
  test::virtual_time world;
  const auto agent = inline_agent(world, [](const task_work& work) {
    return outcome{result_of(work.asked.body.prompt + "!")};
  });
  const auto answer = world.answer<done>(agent, task());
  REQUIRE(answer);
  CHECK(answer->body.output == "abc!");
  CHECK(answer->head.correlation == protocol::id{1, 1});
}

TEST_CASE("errors and exceptions of the code are the agent's errors",
          "[function_agent]") {
  test::virtual_time world;
  const auto failing = inline_agent(world, [](const task_work&) {
    return outcome{protocol::fail(errc::limit_exceeded, "too much")};
  });
  const auto failed = world.answer<done>(failing, task());
  REQUIRE_FALSE(failed);
  CHECK(failed.error() == protocol::fail(errc::limit_exceeded, "too much"));
  const auto throwing = inline_agent(world, [](const task_work&) -> outcome {
    throw std::runtime_error{"boom"};
  });
  for (int i = 0; i < 2; ++i) { // it lives on
    const auto thrown = world.answer<done>(throwing, task());
    REQUIRE_FALSE(thrown);
    CHECK(thrown.error().code == errc::agent_failed);
    CHECK(thrown.error().detail == "exception: boom");
  }
  const auto odd =
      inline_agent(world, [](const task_work&) -> outcome { throw 7; });
  CHECK(world.answer<done>(odd, task()).error().code == errc::agent_failed);
}

TEST_CASE("a task whose deadline has passed is not started",
          "[function_agent]") {
  test::virtual_time world;
  int calls = 0;
  const auto agent = inline_agent(world, [&calls](const task_work&) {
    ++calls;
    return outcome{result_of("x")};
  });
  auto msg = task();
  msg.head.deadline = world.now();
  CHECK(world.answer<done>(agent, msg).error().code == errc::deadline_exceeded);
  CHECK(calls == 0);
  msg.head.deadline = world.now() + 1ns;
  CHECK(world.answer<done>(agent, msg));
}

TEST_CASE("a blocking agent answers when its code is done",
          "[function_agent]") {
  real_world it;
  auto pending = it.ask(task());
  REQUIRE(it.work->wait_until_started());
  it.work->release();
  const auto answer = it.take(pending);
  REQUIRE(answer);
  CHECK(answer->output == "ended by itself");
}

TEST_CASE("a cancel stops a blocking agent's code and answers at once",
          "[function_agent]") {
  real_world it;
  auto pending = it.ask(task());
  REQUIRE(it.work->wait_until_started());
  protocol::coordination<protocol::cancel> other;
  other.body = {{}, "no scope"};
  it.self->send(it.agent, other);
  protocol::coordination<protocol::cancel> msg;
  msg.body = {{5, 1}, "enough"};
  it.self->send(it.agent, msg);
  const auto answer = it.take(pending);
  REQUIRE_FALSE(answer);
  CHECK(answer.error() == protocol::fail(errc::cancelled, "enough"));
  CHECK(it.work->wait_until_stopped());
}

TEST_CASE("a blocking agent refuses tasks beyond the most that may wait",
          "[function_agent]") {
  real_world it{2};
  auto first = it.ask(task(1));
  REQUIRE(it.work->wait_until_started());
  auto second = it.ask(task(2));
  auto third = it.ask(task(3));
  CHECK(it.take(third).error().code == errc::overloaded);
  it.work->release();
  CHECK(it.take(first));
  CHECK(it.take(second));
}

TEST_CASE("a blocking agent does not start a task that is too late",
          "[function_agent]") {
  real_world it;
  it.work->release();
  auto msg = task();
  msg.head.deadline = protocol::instant{1ns};
  auto pending = it.ask(msg);
  CHECK(it.take(pending).error().code == errc::deadline_exceeded);
}

TEST_CASE("a blocking agent that is ended answers its open tasks",
          "[function_agent]") {
  real_world it;
  auto first = it.ask(task(1));
  REQUIRE(it.work->wait_until_started());
  caf::anon_send_exit(it.agent, caf::exit_reason::user_shutdown);
  CHECK(it.take(first).error().code == errc::unreachable);
  CHECK(it.work->wait_until_stopped());
}

TEST_CASE(
    "S9: an agent that dies does nothing twice, and all that waited for it "
    "are answered",
    "[function_agent]") {
  const auto reason =
      GENERATE(caf::exit_reason::kill, caf::exit_reason::user_shutdown);
  real_world it;
  auto first = it.ask(task(1));
  REQUIRE(it.work->wait_until_started());
  auto second = it.ask(task(2));
  auto third = it.ask(task(3));
  caf::anon_send_exit(it.agent, reason);
  for (auto* pending : {&first, &second, &third})
    CHECK(it.take(*pending).error().code == errc::unreachable);
  CHECK(it.work->wait_until_stopped());
  it.work->release();
  auto late = it.ask(task(4));
  CHECK(it.take(late).error().code == errc::unreachable);
  CHECK(it.work->started() == 1);
}
