#include "troupe/actors/history.hpp"

#include "history_rules.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/record_message.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

namespace {

using namespace protocol;

mailbox_limits bounds_of(const history_limits& limits) {
  mailbox_limits bounds;
  bounds.messages_max = static_cast<std::uint32_t>(limits.waiting_max);
  bounds.bytes_max = limits.waiting_bytes;
  bounds.when_full = overflow::drop_oldest;
  return bounds;
}

class history : public actor_base<history_actor> {
public:
  history(caf::actor_config& cfg, const history_config& config)
      : actor_base(cfg, config.clock, bounds_of(config.limits)),
        clock_(config.clock), ids_(config.seed),
        rules_(config.limits, config.hide) {}

  const char* name() const override { return "history"; }

  behavior_type make_behavior() override {
    return {
        [this](const record_message& it) { rules_.add(it.message, it.at); },
        [this](const protocol::request<find_messages>& msg) {
          return find(msg);
        },
        [this](const count_history&) { return rules_.figures(); },
    };
  }

  void on_exit() override { tap_of(system()).close(address()); }

private:
  caf::result<protocol::response<messages_found>>
  find(const protocol::request<find_messages>& msg) {
    const auto now = clock_.at(clock().now());
    auto page = rules_.find(msg.body, now);
    if (!page)
      return to_caf(page.error());
    protocol::response<messages_found> answer{
        answer_to(msg.head, ids_.next(now)), std::move(*page)};
    answer.head.content = taint::untrusted;
    return answer;
  }

  wall_clock clock_;
  id_source ids_;
  history_rules rules_;
};

} // namespace

history_actor spawn_history(caf::actor_system& system, history_config config) {
  const auto sample = config.sample_permille;
  auto it = system.spawn<history>(std::move(config));
  tap_of(system).open(caf::actor_cast<caf::actor>(it), sample);
  return it;
}

} // namespace troupe::actors
