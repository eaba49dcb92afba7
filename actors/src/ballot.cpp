#include "troupe/actors/ballot.hpp"

#include "deadline_table.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/log.hpp"
#include "troupe/actors/vote_rules.hpp"

#include <caf/all.hpp>

#include <unordered_map>

namespace troupe::actors {

namespace {

using namespace protocol;

using ballot_impl = ballot_actor::extend<caf::reacts_to<deadline_tick>>;

class ballot : public actor_base<ballot_impl> {
public:
  ballot(caf::actor_config& cfg, ballot_config config, vote_rules rules)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        ids_(config_.seed), rules_(std::move(rules)) {
    set_down_handler([this](const caf::down_msg& down) {
      const auto who = names_.find(down.source);
      if (who == names_.end())
        return;
      rules_.leave(who->second);
      finish_if_ended();
    });
  }

  const char* name() const override { return "ballot"; }

  behavior_type make_behavior() override {
    call_voters();
    table_.add(config_.clock.steady_at(config_.call.deadline), [this] {
      rules_.expire(config_.call.deadline);
      finish_if_ended();
    });
    table_.arm(this);
    return {
        [this](const coordination<cast_vote>& msg) { take(msg.body); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    rules_.expire(config_.call.deadline); // whoever waits is told in any case
    tell_result();
    config_.voters.clear();
    names_.clear();
  }

private:
  instant now() { return config_.clock.at(clock().now()); }

  void call_voters() {
    coordination<call_vote> call{child_of(config_.head, ids_.next(now())),
                                 config_.call};
    call.head.from = name();
    const auto shared = caf::make_message(std::move(call));
    for (const auto& it : config_.voters) {
      names_.emplace(it.handle.address(), it.name);
      monitor(it.handle);
      caf::actor_cast<caf::strong_actor_ptr>(it.handle)->enqueue(
          ctrl(), caf::make_message_id(), shared, context());
    }
  }

  void take(const cast_vote& vote) {
    const auto who =
        names_.find(caf::actor_cast<caf::actor_addr>(current_sender()));
    const auto verdict = rules_.cast(
        vote, who == names_.end() ? std::string{} : who->second, now());
    if (verdict == vote_rules::verdict::equivocated)
      log(log_level::warn, "ballot", "equivocation", "agent=" + who->second);
    else if (verdict == vote_rules::verdict::stranger)
      log(log_level::warn, "ballot", "not-a-voter",
          "proposal=" + to_string(config_.call.proposal));
    finish_if_ended();
  }

  void finish_if_ended() {
    if (rules_.result())
      quit();
  }

  void tell_result() {
    coordination<vote_result> out{child_of(config_.head, ids_.next(now())),
                                  *rules_.result()};
    out.head.from = name();
    caf::anon_send(config_.listener, std::move(out));
    config_.listener = nullptr;
  }

  ballot_config config_;
  id_source ids_;
  vote_rules rules_;
  deadline_table table_;
  std::unordered_map<caf::actor_addr, std::string> names_;
};

} // namespace

result<ballot_actor> spawn_ballot(caf::actor_system& system,
                                  ballot_config config) {
  std::vector<std::string> names;
  std::vector<caf::actor_addr> actors;
  for (const auto& it : config.voters) {
    if (!it.handle)
      return fail(errc::invalid_request, "voter '" + it.name + "' is nobody");
    names.push_back(it.name);
    actors.push_back(it.handle.address());
  }
  std::sort(actors.begin(), actors.end());
  if (std::adjacent_find(actors.begin(), actors.end()) != actors.end())
    return fail(errc::invalid_request, "an agent has one vote, not two");
  if (!config.listener)
    return fail(errc::invalid_request, "nobody would hear the result");
  auto rules = vote_rules::open(config.call, names);
  if (!rules)
    return rules.error();
  return caf::actor_cast<ballot_actor>(
      system.spawn<ballot>(std::move(config), std::move(*rules)));
}

} // namespace troupe::actors
