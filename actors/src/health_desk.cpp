#include "troupe/actors/health_desk.hpp"

#include "requests.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

namespace {

using protocol::agent_condition;
using protocol::health_step;

using health_desk_impl =
    health_desk_actor::extend<caf::reacts_to<deadline_tick>>;

class health_desk : public actor_base<health_desk_impl> {
public:
  health_desk(caf::actor_config& cfg, health_desk_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)) {}

  const char* name() const override { return "health"; }

  behavior_type make_behavior() override {
    config_.book->wake_by([me = address()] { // the book does not keep it alive
      if (const auto it = caf::actor_cast<caf::strong_actor_ptr>(me))
        caf::anon_send(caf::actor_cast<health_desk_actor>(it),
                       look_at_health{});
    });
    look();
    return {
        [this](look_at_health) { look(); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    config_.book->wake_by({});
    table_.close();
    config_.registry = nullptr;
    config_.tell = nullptr;
  }

private:
  void look() {
    const auto now = config_.clock.at(clock().now());
    for (const auto& step : config_.book->advance(now, config_.skills)) {
      log(log_level::info, "health", "agent-" + name_of(step.to),
          "agent=" + step.agent + " cause=" + name_of(step.cause)
              + " why=" + step.why);
      config_.tell(step);
      if (step.to == agent_condition::restarted)
        end(step);
    }
    wake_at(config_.book->next_due());
  }

  template <class E>
  static std::string name_of(E value) {
    return std::string{protocol::enum_name(value)};
  }

  void wake_at(protocol::instant due) {
    if (alarm_)
      table_.remove(*alarm_);
    alarm_.reset();
    if (due == protocol::instant{})
      return;
    alarm_ = table_.add(config_.clock.steady_at(due), [this] {
      alarm_.reset();
      look();
    });
    table_.arm(this);
  }

  /// Its supervisor takes it for a failure, starts it again, and counts that.
  void end(const health_step& step) {
    request_until<agents_located>(
        this, table_, clock().now() + registry_patience, config_.registry,
        [this, cause = name_of(step.cause)](
            const protocol::result<agents_located>& found) {
          if (found) // else it has ended by itself
            send_exit(found->handles.front(),
                      to_caf(protocol::fail(protocol::errc::agent_failed,
                                            "it was not well: " + cause)));
        },
        locate_named(step.agent));
  }

  health_desk_config config_;
  deadline_table table_;
  std::optional<deadline_table::key> alarm_;
};

} // namespace

health_desk_actor spawn_health_desk(caf::actor_system& system,
                                    health_desk_config config) {
  return system.spawn<health_desk>(std::move(config));
}

} // namespace troupe::actors
