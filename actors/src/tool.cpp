#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/driving.hpp"
#include "troupe/actors/model_agent.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::size_t result_bytes_max = 1U << 20U;

tool_result run(const tool_code& code, const tool_work& work) {
  const auto& wish = work.call;
  result<std::string> outcome = fail(errc::agent_failed, "");
  try {
    outcome = code(work);
  } catch (const std::exception& thrown) {
    outcome = fail(errc::agent_failed, thrown.what());
  } catch (...) {
    outcome = fail(errc::agent_failed, "the tool failed");
  }
  if (!outcome)
    return {wish.call_id, outcome.error().detail, true};
  if (outcome->size() > result_bytes_max)
    return {wish.call_id, "the tool's answer exceeds 1 MiB", true};
  return {wish.call_id, std::move(*outcome), false};
}

class tool_thread : public actor_base<tool_actor> {
public:
  tool_thread(caf::actor_config& cfg, std::string name, tool_code code,
              wall_clock clock)
      : actor_base(cfg, clock), name_(std::move(name)), code_(std::move(code)),
        clock_(clock) {}

  const char* name() const override { return name_.c_str(); }

  behavior_type make_behavior() override {
    return {[this](const tool_work& work) -> caf::result<tool_result> {
      // Calls wait for the one thread: nobody may want this one any more.
      if (work.stop.stop_requested())
        return to_caf(fail(errc::cancelled, "before the tool was called"));
      if (has_passed(work.deadline, clock_.at(clock().now())))
        return to_caf(
            fail(errc::deadline_exceeded, "before the tool was called"));
      return run(code_, work);
    }};
  }

private:
  std::string name_;
  tool_code code_;
  wall_clock clock_;
};

} // namespace

tool_actor spawn_tool(caf::actor_system& system, std::string name,
                      tool_code code, wall_clock clock) {
  return spawn_apart_as<tool_thread>(system, std::move(name), std::move(code),
                                     clock);
}

} // namespace troupe::actors
