#include "troupe/actors/budget_manager.hpp"

#include "ledger_rules.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

namespace {

using namespace protocol;

/// A run opens an account for each of its tasks at once.
constexpr mailbox_limits ledger_mailbox{1'000'000, 1ULL << 30};

class budget_manager : public actor_base<budget_actor> {
public:
  budget_manager(caf::actor_config& cfg, const budget_manager_config& config)
      : actor_base(cfg, config.clock, ledger_mailbox), clock_(config.clock),
        ids_(config.seed) {}

  const char* name() const override { return "budget-manager"; }

  behavior_type make_behavior() override {
    return {
        [this](const protocol::request<open_account>& msg) {
          return answer(msg.head, ledger_.open(msg.body));
        },
        [this](const protocol::request<reserve_budget>& msg) {
          const auto reservation = next_id();
          auto held = ledger_.reserve(msg.body, reservation);
          using outcome = result<budget_reserved>;
          return answer(msg.head, held ? outcome{budget_reserved{reservation}}
                                       : outcome{held.error()});
        },
        [this](const protocol::request<settle_budget>& msg) {
          return answer(msg.head, ledger_.settle(msg.body));
        },
        [this](const protocol::request<describe_account>& msg) {
          return answer(msg.head, ledger_.describe(msg.body.path));
        },
    };
  }

private:
  protocol::id next_id() { return ids_.next(clock_.at(clock().now())); }

  template <class Body>
  caf::result<protocol::response<Body>> answer(const header& head,
                                               result<Body> outcome) {
    if (!outcome)
      return to_caf(outcome.error());
    return protocol::response<Body>{answer_to(head, next_id()),
                                    std::move(*outcome)};
  }

  wall_clock clock_;
  id_source ids_;
  ledger_rules ledger_;
};

} // namespace

budget_actor spawn_budget_manager(caf::actor_system& system,
                                  budget_manager_config config) {
  return system.spawn<budget_manager>(config);
}

} // namespace troupe::actors
