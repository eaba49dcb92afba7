#include "troupe/actors/state_store.hpp"

#include "deadline_table.hpp"
#include "state_rules.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <optional>

namespace troupe::actors {

namespace {

using namespace protocol;

/// A commit inside the one CAF message that all followers share.
class sealed_message final : public sealed_update {
public:
  explicit sealed_message(state_update update)
      : message_(caf::make_message(std::move(update))) {}

  [[nodiscard]] const state_update& get() const noexcept override {
    return message_.get_as<state_update>(0);
  }
  [[nodiscard]] const caf::message& message() const noexcept {
    return message_;
  }

private:
  caf::message message_;
};

using state_store_impl =
    state_store_actor::extend<caf::reacts_to<deadline_tick>>;

class state_store : public actor_base<state_store_impl> {
public:
  state_store(caf::actor_config& cfg, state_store_config config)
      : actor_base(cfg, config.clock), clock_(config.clock), ids_(config.seed),
        mark_(std::move(config.mark)),
        rules_(
            config.limits, [this](state_update it) { return seal(it); },
            mark_ ? mark_->load() : 0) {
    set_down_handler(
        [this](const caf::down_msg& down) { forget(down.source); });
  }

  const char* name() const override { return "state-store"; }

  behavior_type make_behavior() override {
    return {
        [this](const ask<write_state>& msg) {
          return answer(msg.head, [&] { return rules_.write(msg, now()); });
        },
        [this](const ask<read_state>& msg) { return show(msg, &rules::read); },
        [this](const ask<list_state>& msg) { return show(msg, &rules::list); },
        [this](const ask<read_state_history>& msg) {
          return show(msg, &rules::history);
        },
        [this](const protocol::request<subscribe_state>& msg,
               const state_follower_actor& who) { return add(msg, who); },
        [this](const protocol::request<unsubscribe>& msg) {
          return remove(msg);
        },
        [this](const protocol::coordination<grant_credit>& msg) {
          rules_.followers().grant(msg.body);
          deliver();
        },
        [this](const count_state&) { return rules_.figures(); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override { followers_.clear(); }

private:
  template <class Body>
  using ask = protocol::request<Body>;
  using rules = state_rules;

  instant now() const { return clock_.at(clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  shared_update seal(state_update& it) {
    it.head.message = next_id();
    it.head.from = "state-store";
    // Before anybody sees the commit, so that no fault can hide it from the
    // mark. Parts for those who lag are of earlier commits.
    if (mark_ && mark_->load(std::memory_order_relaxed) < it.body.revision)
      mark_->store(it.body.revision, std::memory_order_relaxed);
    return std::make_shared<sealed_message>(std::move(it));
  }

  template <class Rule>
  auto answer(const header& head, Rule rule) -> caf::result<
      protocol::response<typename decltype(rule())::value_type>> {
    using body = typename decltype(rule())::value_type;
    auto outcome = rule();
    deliver();
    if (!outcome)
      return to_caf(outcome.error());
    protocol::response<body> out{answer_to(head, next_id()),
                                 std::move(*outcome)};
    if (is_untrusted(out.body))
      out.head.content = taint::untrusted;
    return out;
  }

  template <class Body, class Answer>
  caf::result<protocol::response<Answer>>
  show(const ask<Body>& msg,
       result<Answer> (state_rules::*rule)(const Body&, instant)) {
    return answer(msg.head, [&] { return (rules_.*rule)(msg.body, now()); });
  }

  caf::result<protocol::response<state_subscribed>>
  add(const protocol::request<subscribe_state>& msg,
      const state_follower_actor& who) {
    const auto name = next_id();
    const auto [owner, is_new] =
        owners_.try_emplace(who.address(), owners_made_ + 1);
    const auto slot = rules_.subscribe(msg.body, name, owner->second, now());
    if (!slot) {
      if (is_new)
        owners_.erase(owner);
      deliver();
      return to_caf(slot.error());
    }
    if (is_new) {
      ++owners_made_;
      monitor(who);
    }
    if (*slot >= followers_.size())
      followers_.resize(*slot + 1);
    followers_[*slot] = caf::actor_cast<caf::actor>(who);
    // The answer goes out before the messages that it announces.
    auto promise =
        make_response_promise<protocol::response<state_subscribed>>();
    promise.deliver(protocol::response<state_subscribed>{
        answer_to(msg.head, next_id()), {name, rules_.revision()}});
    deliver();
    return promise;
  }

  protocol::response<unsubscribed>
  remove(const protocol::request<unsubscribe>& msg) {
    if (const auto slot = rules_.followers().remove(msg.body.subscription)) {
      const auto who = std::exchange(followers_[*slot], {}).address();
      const auto owner = owners_.find(who);
      if (rules_.followers().is_gone(owner->second)) {
        demonitor(who);
        owners_.erase(owner);
      }
    }
    return {answer_to(msg.head, next_id()), {msg.body.subscription}};
  }

  void forget(const caf::actor_addr& who) {
    const auto found = owners_.find(who);
    if (found == owners_.end())
      return;
    for (const auto slot : rules_.followers().remove_owner(found->second))
      followers_[slot] = nullptr;
    owners_.erase(found);
  }

  /// Sends what the rules have decided, and wakes for the next expiry.
  void deliver() {
    for (auto& it : rules_.followers().take_deliveries())
      std::visit([&](auto& what) { tell(followers_[it.slot], what); },
                 it.message);
    const auto due = rules_.next_expiry();
    if (due == waits_for_)
      return;
    if (waits_for_ != instant{})
      table_.remove(wait_);
    waits_for_ = due;
    if (due == instant{})
      return;
    wait_ = table_.add(clock_.steady_at(due), [this] {
      waits_for_ = {};
      rules_.expire(now());
      deliver();
    });
    table_.arm(this);
  }

  void tell(const caf::actor& who, shared_update& it) {
    caf::anon_send(who, static_cast<const sealed_message&>(*it).message());
  }
  template <class Body>
  void tell(const caf::actor& who, Body& body) {
    protocol::notification<Body> out{{}, std::move(body)};
    out.head.message = next_id();
    out.head.from = "state-store";
    if (is_untrusted(out.body))
      out.head.content = taint::untrusted;
    caf::anon_send(who, std::move(out));
  }

  /// True when what `body` shows was written by somebody untrusted.
  template <class Body>
  static bool is_untrusted(const Body& body) {
    const auto is_bad = [](const auto& it) {
      return it.content == taint::untrusted;
    };
    if constexpr (requires { body.entry; })
      return body.entry && is_bad(*body.entry);
    else if constexpr (requires { body.entries; })
      return std::any_of(body.entries.begin(), body.entries.end(), is_bad);
    else if constexpr (std::is_same_v<Body, state_history>)
      return std::any_of(body.versions.begin(), body.versions.end(),
                         [&](const auto& it) { return is_bad(it.change); });
    else
      return false;
  }

  wall_clock clock_;
  id_source ids_;
  std::shared_ptr<state_mark> mark_;
  state_rules rules_;
  deadline_table table_;
  instant waits_for_{}; ///< The expiry in the table; epoch: none.
  deadline_table::key wait_{};
  std::vector<caf::actor> followers_; ///< By slot.
  /// Those that are monitored, numbered.
  std::unordered_map<caf::actor_addr, std::uint64_t> owners_;
  std::uint64_t owners_made_ = 0;
};

} // namespace

state_store_actor spawn_state_store(caf::actor_system& system,
                                    state_store_config config) {
  return system.spawn<state_store>(std::move(config));
}

} // namespace troupe::actors
