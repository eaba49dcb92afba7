#include "support/actors/show_result.hpp"
#include "troupe/actors/system_config.hpp"
#include "troupe/actors/tool_pool.hpp"

#include <caf/all.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::tool_result;

namespace {

/// A tool whose calls wait until so many are at work at one time.
struct crew {
  explicit crew(std::uint32_t calls_max) {
    tool = spawn_tool_pool(
        system, "saw",
        [this](const tool_work& work) -> protocol::result<std::string> {
          std::unique_lock lock{mutex};
          most = std::max(most, ++at_work);
          changed.notify_all();
          changed.wait_for(lock, 10s, [this] { return most >= wanted; });
          --at_work;
          return work.call.arguments;
        },
        calls_max);
  }
  ~crew() { caf::anon_send_exit(tool, caf::exit_reason::user_shutdown); }

  /// What so many calls at one time have given, in their order.
  std::vector<std::string> ask(std::size_t count) {
    std::vector<std::string> answers(count);
    {
      std::vector<std::jthread> askers;
      for (std::size_t i = 0; i < count; ++i)
        askers.emplace_back([this, i, &answers] {
          caf::scoped_actor self{system};
          self->request(tool, 20s,
                        tool_work{{"1", "saw", std::to_string(i)}, {}, {}})
              .receive([&](const tool_result& it) { answers[i] = it.content; },
                       [&](const caf::error& why) {
                         answers[i] = protocol::enum_name(from_caf(why).code);
                       });
        });
    }
    return answers;
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::size_t at_work = 0;
  std::size_t most = 0;
  std::size_t wanted = 1;
  system_config config{2};
  caf::actor_system system{config};
  tool_actor tool;
};

} // namespace

TEST_CASE("calls of a tool with several threads are made at one time",
          "[tool_pool]") {
  crew it{4};
  it.wanted = 4;
  CHECK(it.ask(4) == std::vector<std::string>{"0", "1", "2", "3"});
  CHECK(it.most == 4);
}

TEST_CASE("calls beyond a tool's threads wait and are made in the end",
          "[tool_pool]") {
  crew it{3};
  const auto answers = it.ask(50);
  for (std::size_t i = 0; i < answers.size(); ++i)
    CHECK(answers[i] == std::to_string(i));
  CHECK(it.most <= 3);
}

TEST_CASE("R3: a tool that ends leaves no call that waits without an answer",
          "[tool_pool]") {
  crew it{1};
  it.wanted = 2; // nobody else comes: the first holds the thread
  std::vector<std::string> answers;
  std::jthread askers{[&] {
    answers = it.ask(3);
  }};
  {
    std::unique_lock lock{it.mutex};
    REQUIRE(it.changed.wait_for(lock, 10s, [&] { return it.at_work == 1; }));
  }
  caf::anon_send_exit(it.tool, caf::exit_reason::user_shutdown);
  askers.join(); // though its thread goes on
  {
    const std::lock_guard lock{it.mutex};
    it.wanted = 1;
  }
  it.changed.notify_all();
  REQUIRE(answers.size() == 3);
  for (const auto& answer : answers)
    CHECK(answer == "unreachable");
}
