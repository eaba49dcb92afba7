#include "troupe/actors/function_agent.hpp"

#include "poison_watch.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

namespace {

using perform = protocol::request<perform_task>;
using performed = protocol::response<task_result>;

/// The link of code that must not wait.
class no_link final : public task_link {
public:
  result<task_result> ask(const question&) override {
    return fail(errc::invalid_request,
                "only a blocking agent can wait for another one");
  }
  void progress(std::uint32_t, std::string_view) override {}
  result<std::string> effect(const effect_wish&, const effect_code&) override {
    return fail(errc::invalid_request,
                "only a blocking agent can wait until an effect is kept");
  }
  result<std::string> use_tool(const std::string&,
                               const std::string&) override {
    return fail(errc::invalid_request,
                "only a blocking agent can wait for a tool");
  }
  void give_up_code() override {}
};

/// Calls its code in its own handler.
class inline_agent : public actor_base<agent_actor> {
public:
  inline_agent(caf::actor_config& cfg,
               std::shared_ptr<const function_agent_config> config,
               const mailbox_limits& mailbox)
      : actor_base(cfg, config->clock, mailbox), config_(std::move(config)),
        ids_(config_->seed) {}

  const char* name() const override { return config_->name.c_str(); }

  behavior_type make_behavior() override {
    return {
        [this](const perform& msg) -> caf::result<performed> {
          no_link link;
          auto outcome =
              call_watched(config_->code, {msg, {}, link, config_->incarnation},
                           config_->quarantine.get(), config_->name,
                           config_->clock, clock().now());
          if (!outcome)
            return to_caf(outcome.error());
          return performed{answer_to(msg.head, ids_.next(now())),
                           std::move(*outcome)};
        },
        [](const coordination<cancel>&) {}, // nothing outlives its handler
        [this](const notification<announcement>& msg) {
          if (config_->on_announcement)
            config_->on_announcement(msg.body);
        },
    };
  }

private:
  instant now() { return config_->clock.at(clock().now()); }

  std::shared_ptr<const function_agent_config> config_;
  id_source ids_;
};

} // namespace

result<task_result> call_task_code(const task_code& code, const task_work& work,
                                   bool* has_thrown) {
  const auto note = [has_thrown] {
    if (has_thrown != nullptr)
      *has_thrown = true;
  };
  try {
    return code(work);
  } catch (const std::exception& thrown) {
    note();
    return fail(errc::agent_failed,
                std::string{"exception: "}
                    + std::string(thrown.what()).substr(0, 200));
  } catch (...) {
    note();
    return fail(errc::agent_failed, "exception of an unknown type");
  }
}

agent_actor spawn_function_agent(caf::actor_system& system,
                                 function_agent_config config,
                                 const mailbox_limits& mailbox) {
  if (config.is_blocking)
    return spawn_blocking_agent(system, std::move(config), mailbox);
  config.registry = nullptr;
  config.journal = nullptr;
  return system.spawn<inline_agent>(
      std::make_shared<const function_agent_config>(std::move(config)),
      mailbox);
}

} // namespace troupe::actors
