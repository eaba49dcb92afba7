#include "troupe/actors/tool_pool.hpp"

#include "requests.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <vector>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::size_t waiting_most = 4'096;

using pool_interface = tool_actor::extend<caf::reacts_to<deadline_tick>>;

/// Hands calls to tools of one thread each.
class tool_pool : public actor_base<pool_interface> {
public:
  tool_pool(caf::actor_config& cfg, std::string name, tool_code code,
            std::uint32_t calls_max, const wall_clock& clock)
      : actor_base(cfg, clock), name_(std::move(name)), code_(std::move(code)),
        calls_max_(std::max(calls_max, 1U)), clock_(clock) {}

  const char* name() const override { return name_.c_str(); }

  behavior_type make_behavior() override {
    return {
        [this](const tool_work& work) -> caf::result<tool_result> {
          if (waiting_.size() >= waiting_most)
            return to_caf(fail(errc::overloaded, "too many calls of the tool"));
          auto promise = make_response_promise<tool_result>();
          waiting_.push_back({work, promise});
          hand_out();
          return promise;
        },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    const auto ended = fail(errc::unreachable, "the tool has ended");
    for (auto& it : waiting_)
      it.promise.deliver(to_caf(ended));
    waiting_.clear();
    table_.close();
    for (auto& [number, promise] : at_work_)
      promise.deliver(to_caf(ended));
    at_work_.clear();
    for (const auto& thread : threads_)
      caf::anon_send_exit(thread, caf::exit_reason::user_shutdown);
    threads_.clear();
    idle_.clear();
  }

private:
  struct call {
    tool_work work;
    caf::typed_response_promise<tool_result> promise;
  };

  void hand_out() {
    while (!waiting_.empty()) {
      if (idle_.empty() && threads_.size() < calls_max_) {
        threads_.push_back(spawn_tool(system(), name_, code_, clock_));
        idle_.push_back(threads_.back());
      }
      if (idle_.empty())
        return;
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      auto thread = std::move(idle_.back());
      idle_.pop_back();
      give(std::move(next), thread);
    }
  }

  void give(call next, const tool_actor& thread) {
    const auto number = ++given_;
    at_work_.emplace(number, std::move(next.promise));
    // The thread keeps the call's deadline, and who asks does so too.
    request_kept<tool_result>(
        this, table_, thread,
        [this, thread, number](result<tool_result> outcome) {
          auto promise = std::move(at_work_.extract(number).mapped());
          if (outcome)
            promise.deliver(std::move(*outcome));
          else
            promise.deliver(to_caf(outcome.error()));
          idle_.push_back(thread);
          hand_out();
        },
        std::move(next.work));
  }

  std::string name_;
  tool_code code_;
  std::size_t calls_max_;
  wall_clock clock_;
  std::deque<call> waiting_; // bounded by waiting_most
  /// Those that threads have, by their number.
  std::map<std::uint64_t, caf::typed_response_promise<tool_result>> at_work_;
  std::uint64_t given_ = 0;
  std::vector<tool_actor> threads_;
  std::vector<tool_actor> idle_;
  deadline_table table_;
};

} // namespace

tool_actor spawn_tool_pool(caf::actor_system& system, std::string name,
                           tool_code code, std::uint32_t calls_max,
                           wall_clock clock) {
  return system.spawn<tool_pool>(std::move(name), std::move(code), calls_max,
                                 clock);
}

} // namespace troupe::actors
