#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/model_agent.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::tool_result;

namespace {

/// A tool on its own thread, which says how often it was called.
struct shop {
  protocol::result<tool_result> ask(const tool_work& work) {
    protocol::result<tool_result> outcome =
        protocol::fail(errc::internal, "no answer");
    caf::scoped_actor self{system};
    self->request(tool, 10s, work)
        .receive([&](tool_result& it) { outcome = std::move(it); },
                 [&](const caf::error& why) { outcome = from_caf(why); });
    return outcome;
  }

  ~shop() { caf::anon_send_exit(tool, caf::exit_reason::user_shutdown); }

  system_config config{2};
  caf::actor_system system{config};
  wall_clock clock = make_wall_clock(system);
  int calls = 0;
  tool_actor tool = spawn_tool(
      system, "saw",
      [this](const tool_work& work) -> protocol::result<std::string> {
        ++calls;
        return "sawed " + work.call.arguments;
      },
      clock);
};

} // namespace

TEST_CASE("a tool is called with the model's arguments", "[tool]") {
  shop it;
  CHECK(it.ask({{"1", "saw", "{}"}, {}, {}})
        == tool_result{"1", "sawed {}", false});
  CHECK(it.calls == 1);
}

TEST_CASE("R4: a tool is not called after its task's deadline", "[tool]") {
  shop it;
  const auto now = it.clock.at(it.system.clock().now());
  CHECK(it.ask({{"1", "saw", "{}"}, now, {}}).error().code
        == errc::deadline_exceeded);
  CHECK(it.calls == 0);
  CHECK(it.ask({{"1", "saw", "{}"}, now + 1h, {}}));
}

TEST_CASE("R5: a tool is not called for a task that was cancelled", "[tool]") {
  shop it;
  std::stop_source stop;
  stop.request_stop();
  CHECK(it.ask({{"1", "saw", "{}"}, {}, stop.get_token()}).error().code
        == errc::cancelled);
  CHECK(it.calls == 0);
}
