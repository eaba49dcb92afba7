#include "troupe/actors/state_store.hpp"

#include "deadline_table.hpp"
#include "state_messages.hpp"
#include "state_rules.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/status.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

/// Behind whatever waits in the mailbox of a state store: its next turn.
struct state_turn {};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::state_turn)

namespace troupe::actors {

namespace {

using namespace protocol;

using state_store_impl =
    state_store_actor::extend<caf::reacts_to<state_turn>,
                              caf::reacts_to<deadline_tick>>;

class state_store : public actor_base<state_store_impl>, public tells_status {
public:
  state_store(caf::actor_config& cfg, state_store_config config)
      : actor_base(cfg, config.clock), clock_(config.clock), ids_(config.seed),
        mark_(std::move(config.mark)),
        lives_(config.lives ? std::move(config.lives)
                            : std::make_shared<incarnation_book>()),
        rules_(
            config.limits, [this](state_update it) { return seal(it); },
            mark_ ? mark_->load() : 0) {
    set_down_handler(
        [this](const caf::down_msg& down) { forget(down.source); });
  }

  const char* name() const override { return "state-store"; }
  void tell_status(part_status& to) const override {
    add_figure(to, "revision", rules_.revision());
  }

  behavior_type make_behavior() override {
    return {
        [this](const ask<write_state>& msg) { return write(msg); },
        [this](const ask<read_state>& msg) {
          return answer(msg.head, rules_.read(msg.body, now()));
        },
        [this](const ask<list_state>& msg) { return begin<state_listed>(msg); },
        [this](const ask<read_state_history>& msg) {
          return begin<state_history>(msg);
        },
        [this](const ask<subscribe_state>& msg,
               const state_follower_actor& who) { return add(msg, who); },
        [this](const ask<unsubscribe>& msg) { return remove(msg); },
        [this](const coordination<grant_credit>& msg) {
          rules_.grant(msg.body, now());
          deliver();
        },
        [this](const coordination<cancel>& msg) { end_reads(msg.body); },
        [this](const count_state&) { return rules_.figures(); },
        [this](const state_turn&) { take_turn(); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    followers_.clear();
    const auto ended = fail(errc::unreachable, "the state store has ended");
    for (auto& [ticket, it] : open_reads_)
      it.promise.deliver(to_caf(ended));
    open_reads_.clear();
  }

private:
  template <class Body>
  using ask = protocol::request<Body>;

  /// A listing or a history that is not answered yet.
  struct open_read {
    header head; ///< Of the answer.
    caf::response_promise promise;
  };

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

  template <class Body>
  caf::result<protocol::response<Body>> answer(const header& head,
                                               result<Body> outcome) {
    deliver();
    if (!outcome)
      return to_caf(outcome.error());
    return marked<protocol::response<Body>>(answer_to(head, next_id()),
                                            std::move(*outcome));
  }

  /// Stands for the sender for as long as one of its requests is open.
  std::uint64_t asker() {
    return reinterpret_cast<std::uintptr_t>(current_sender().get());
  }

  caf::result<protocol::response<state_written>>
  write(const ask<write_state>& msg) {
    if (!msg.body.writer.empty())
      if (const auto latest =
              lives_->begin(msg.body.writer, msg.body.incarnation);
          !latest)
        return to_caf(latest.error());
    return answer(msg.head, rules_.write(msg, now(), asker()));
  }

  template <class Answer, class Body>
  caf::result<protocol::response<Answer>> begin(const ask<Body>& msg) {
    const state_reader who{++tickets_, asker(), msg.head.deadline,
                           msg.head.cancel_scope, byte_size(msg)};
    if (auto good = rules_.begin(who, msg.body, now()); !good) {
      deliver();
      return to_caf(good.error());
    }
    auto promise = make_response_promise<protocol::response<Answer>>();
    open_reads_.emplace(who.ticket,
                        open_read{answer_to(msg.head, {}), promise});
    deliver();
    return promise;
  }

  void end_reads(const cancel& what) {
    rules_.reads().cancel(what.scope, what.reason);
    deliver();
  }

  void close(state_read_answer& it) {
    auto open = open_reads_.extract(it.ticket);
    auto& [head, promise] = open.mapped();
    if (!it.outcome) {
      if (it.outcome.error().code == errc::deadline_exceeded)
        statistics().add(message_count::expired);
      promise.deliver(to_caf(it.outcome.error()));
      return;
    }
    head.message = next_id();
    std::visit(
        [&head = head, &promise = promise]<class Body>(Body& body) {
          promise.deliver(marked<protocol::response<Body>>(std::move(head),
                                                           std::move(body)));
        },
        *it.outcome);
  }

  void take_turn() {
    turn_is_coming_ = false;
    rules_.take_turn(now());
    deliver();
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

  /// Sends what the rules have decided, and wakes for the next turn and the
  /// next expiry.
  void deliver() {
    for (auto& it : rules_.followers().take_deliveries())
      std::visit([&](auto& what) { tell(it.slots, what); }, it.message);
    for (auto& it : rules_.reads().take_answers())
      close(it);
    if (rules_.needs_turn() && !std::exchange(turn_is_coming_, true))
      send(this, state_turn{});
    wait_for_expiry();
  }

  void wait_for_expiry() {
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

  void tell(const std::vector<std::size_t>& slots, shared_update& it) {
    const auto& shared = static_cast<const sealed_message&>(*it).message();
    for (const auto slot : slots)
      caf::anon_send(followers_[slot], shared);
  }
  template <class Body>
  void tell(const std::vector<std::size_t>& slots, Body& body) {
    header head;
    head.message = next_id();
    head.from = name();
    caf::anon_send(
        followers_[slots.front()],
        marked<protocol::notification<Body>>(std::move(head), std::move(body)));
  }

  wall_clock clock_;
  id_source ids_;
  std::shared_ptr<state_mark> mark_;
  std::shared_ptr<incarnation_book> lives_;
  state_rules rules_;
  deadline_table table_;
  instant waits_for_{}; ///< The expiry in the table; epoch: none.
  deadline_table::key wait_{};
  std::vector<caf::actor> followers_;                       ///< By slot.
  std::unordered_map<std::uint64_t, open_read> open_reads_; ///< By ticket.
  std::uint64_t tickets_ = 0;
  bool turn_is_coming_ = false;
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
