#include "agent_gate.hpp"

#include "deadline_table.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

#include <algorithm>
#include <map>
#include <variant>

namespace troupe::cluster {

using namespace protocol;

namespace {

using gate_ask = protocol::request<perform_task>;
using gate_answer = protocol::response<task_result>;

/// The agent knows its deadline; this is for one that has forgotten it.
constexpr std::chrono::seconds gate_grace{1};

using gate_base =
    gate_actor::extend<caf::reacts_to<actors::deadline_tick>,
                       caf::reacts_to<coordination<task_accepted>>,
                       caf::reacts_to<coordination<task_refused>>,
                       caf::reacts_to<coordination<task_started>>,
                       caf::reacts_to<coordination<task_progress>>,
                       caf::reacts_to<coordination<task_finished>>,
                       caf::reacts_to<notification<model_delta>>>;

class agent_gate final : public actors::actor_base<gate_base> {
public:
  agent_gate(caf::actor_config& cfg, gate_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        how_(config_.first) {}

  const char* name() const override { return "gate"; }

  behavior_type make_behavior() override {
    return {
        [this](const gate_ask& msg) { return take(msg); },
        [this](const coordination<cancel>& msg) { end(msg); },
        [this](const notification<announcement>& msg) {
          if (how_ != gate_state::hands_on && own_)
            send(own_, msg);
        },
        [this](const show_own& it) {
          own_ = it.own;
          release();
        },
        [this](const set_gate& it) { set(it); },
        [this](const await_idle&) { return wait_idle(); },
        [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
        [this](const coordination<task_accepted>& it) { tell_asker(it); },
        [this](const coordination<task_refused>& it) { tell_asker(it); },
        [this](const coordination<task_started>& it) { tell_asker(it); },
        [this](const coordination<task_progress>& it) { tell_asker(it); },
        [this](const coordination<task_finished>& it) { tell_asker(it); },
        [this](const notification<model_delta>& it) { tell_asker(it); },
    };
  }

  void on_exit() override {
    for (auto& [id, it] : std::exchange(open_, {}))
      it.promise.deliver(actors::to_caf(gone()));
    own_ = nullptr;
    there_ = nullptr;
    config_.stand_in = nullptr;
    table_.close();
  }

private:
  /// With whom a task is; nobody: it waits.
  using holder = std::variant<std::monostate, actors::agent_actor, link_actor>;

  /// Of a task that is kept here; one may come twice, when the agent comes back
  /// while it is on its way.
  using task_number = std::uint64_t;

  struct kept_task {
    caf::typed_response_promise<gate_answer> promise;
    caf::strong_actor_ptr asker;
    std::shared_ptr<const gate_ask> what;
    holder with;
    bool is_own = false; ///< It is with this node's agent.
  };

  [[nodiscard]] error gone() const {
    return fail(errc::unreachable, "agent '" + config_.agent + "' has ended");
  }

  caf::result<gate_answer> take(const gate_ask& msg) {
    if (how_ == gate_state::ended)
      return actors::to_caf(why_);
    if (open_.size() >= config_.open_max)
      return actors::to_caf(fail(errc::overloaded, "too many tasks of agent '"
                                                       + config_.agent
                                                       + "' are under way"));
    // It went from here, and the agent has gone before it came back.
    if (how_ == gate_state::hands_on
        && by_message_.count(msg.head.message) != 0)
      return actors::to_caf(fail(errc::unknown_agent, "it has moved again"));
    const auto id = ++last_;
    auto& it = open_[id];
    it.promise = make_response_promise<gate_answer>();
    it.asker = current_sender();
    it.what = std::make_shared<const gate_ask>(msg);
    by_message_.emplace(msg.head.message, id);
    const auto promise = it.promise;
    if (!hand_out(id))
      wait_until_due(id);
    return promise;
  }

  void wait_until_due(task_number id) {
    const auto& head = open_.at(id).what->head;
    if (head.deadline == instant{})
      return;
    table_.add(config_.clock.steady_at(head.deadline), [this, id] {
      const auto found = open_.find(id);
      if (found != open_.end() && found->second.with.index() == 0)
        finish(id, fail(errc::deadline_exceeded,
                        "agent '" + config_.agent
                            + "' was being moved all the time"));
    });
    table_.arm(this);
  }

  /// False: it waits.
  bool hand_out(task_number id) {
    auto& it = open_.at(id);
    if (how_ == gate_state::serves && own_) {
      it.is_own = true;
      ++under_way_;
      ask(id, it, own_, *it.what);
    } else if (how_ == gate_state::hands_on)
      ask(id, it, there_, perform_there{config_.agent, *it.what});
    else
      return false;
    return true;
  }

  template <class Handle, class Message>
  void ask(task_number id, kept_task& it, const Handle& to, Message what) {
    it.with = to;
    const auto due =
        it.what->head.deadline == instant{}
            ? actors::deadline_table::never
            : config_.clock.steady_at(it.what->head.deadline) + gate_grace;
    actors::request_until<gate_answer>(
        this, table_, due, to,
        [this, id](result<gate_answer> answer) { answered(id, answer); },
        std::move(what));
  }

  void answered(task_number id, const result<gate_answer>& answer) {
    const auto found = open_.find(id);
    if (found == open_.end())
      return;
    auto& it = found->second;
    const bool has_gone = !answer && answer.error().code == errc::unknown_agent
                          && std::holds_alternative<link_actor>(it.with);
    if (!has_gone || !find_again(id, it))
      finish(id, answer);
  }

  /// It is not there any more. False: whoever has asked knows better.
  bool find_again(task_number id, kept_task& it) {
    if (how_ == gate_state::ended)
      return false;
    const bool has_changed =
        how_ != gate_state::hands_on || std::get<link_actor>(it.with) != there_;
    if (has_changed) {
      it.with = std::monostate{};
      if (!hand_out(id))
        wait_until_due(id);
      return true;
    }
    const auto other = config_.stand_in();
    if (!other || caf::actor_cast<caf::strong_actor_ptr>(other) == it.asker)
      return false;
    ask(id, it, other, *it.what);
    return true;
  }

  void finish(task_number id, const result<gate_answer>& answer) {
    auto it = std::move(open_.at(id));
    open_.erase(id);
    const auto [from, to] = by_message_.equal_range(it.what->head.message);
    by_message_.erase(std::find_if(
        from, to, [id](const auto& each) { return each.second == id; }));
    if (answer)
      it.promise.deliver(*answer);
    else
      it.promise.deliver(actors::to_caf(answer.error()));
    if (it.is_own && --under_way_ == 0 && idle_.pending())
      idle_.deliver(gate_idle{});
    end_if_idle();
  }

  void set(const set_gate& it) {
    how_ = it.how;
    there_ = it.there;
    why_ = it.why;
    if (how_ == gate_state::hands_on)
      own_ = nullptr;
    release();
    end_if_idle();
  }

  /// Those that wait go where they may go now.
  void release() {
    std::vector<task_number> waiting;
    for (const auto& [id, it] : open_)
      if (it.with.index() == 0)
        waiting.push_back(id);
    for (const auto& id : waiting)
      if (how_ == gate_state::ended)
        finish(id, why_);
      else
        (void)hand_out(id);
  }

  caf::result<gate_idle> wait_idle() {
    if (under_way_ == 0)
      return gate_idle{};
    if (idle_.pending())
      idle_.deliver(actors::to_caf(
          fail(errc::cancelled, "somebody else waits for the agent")));
    idle_ = make_response_promise<gate_idle>();
    return idle_;
  }

  void end_if_idle() {
    if (how_ == gate_state::ended && open_.empty())
      quit(caf::exit_reason::user_shutdown);
  }

  void end(const coordination<cancel>& msg) {
    std::vector<task_number> waiting;
    for (const auto& [id, it] : open_) {
      if (it.what->head.cancel_scope != msg.body.scope)
        continue;
      if (const auto* own = std::get_if<actors::agent_actor>(&it.with))
        send(*own, msg);
      else if (const auto* link = std::get_if<link_actor>(&it.with))
        send(*link, msg);
      else
        waiting.push_back(id);
    }
    for (const auto& id : waiting)
      finish(id, fail(errc::cancelled, "cancelled before it had begun"));
  }

  template <class Message>
  void tell_asker(const Message& what) {
    // The first of several has been asked by whoever wants to know.
    const auto found = by_message_.lower_bound(what.head.correlation);
    if (found == by_message_.end() || found->first != what.head.correlation)
      return;
    if (const auto& asker = open_.at(found->second).asker)
      caf::anon_send(caf::actor_cast<caf::actor>(asker), what);
  }

  gate_config config_;
  actors::deadline_table table_;
  gate_state how_;
  actors::agent_actor own_; ///< Null: it has not begun, or has moved.
  link_actor there_;
  error why_ = fail(errc::unknown_agent, "it has ended");
  caf::typed_response_promise<gate_idle> idle_;
  std::size_t under_way_ = 0; ///< With own lives.
  task_number last_ = 0;
  std::map<task_number, kept_task> open_;               // bounded by open_max
  std::multimap<protocol::id, task_number> by_message_; // as open_
};

} // namespace

gate_actor spawn_gate(caf::actor_system& system, gate_config config) {
  return caf::actor_cast<gate_actor>(
      system.spawn<agent_gate>(std::move(config)));
}

} // namespace troupe::cluster
