#pragma once

#include "deadline_table.hpp"
#include "ledger/quota_rules.hpp"
#include "ledger/shared_book.hpp"
#include "quota_front.hpp"
#include "requests.hpp"

#include <troupe/actors/actor_base.hpp>

#include <unordered_map>

/// The inside of the QUOTA FRONT. Private to its sources.
namespace troupe::cluster {

using quota_front_base =
    quota_front_actor::extend<caf::reacts_to<actors::deadline_tick>>;

class quota_front final : public actors::actor_base<quota_front_base> {
public:
  quota_front(caf::actor_config& cfg, quota_front_config config);

  const char* name() const override { return "quota-front"; }
  behavior_type make_behavior() override;
  void on_exit() override;

private:
  template <class Body>
  using ask = protocol::request<Body>;
  using state = protocol::response<protocol::account_state>;
  using reserved = protocol::response<protocol::budget_reserved>;
  using reserved_promise = caf::typed_response_promise<reserved>;

  static constexpr std::chrono::seconds leader_patience{3};

  /// A call whose money is not set aside yet.
  struct waiting_call {
    ask<protocol::reserve_budget> what;
    reserved_promise promise;
  };
  struct paid_call {
    std::uint64_t number = 0;
    protocol::instant until;
  };

  protocol::instant now() { return wall_.at(clock().now()); }

  // quota_front.cpp: calls
  caf::result<reserved> reserve(const ask<protocol::reserve_budget>& it);
  void pay(const call_paid& it);
  void pay_here(std::uint64_t number, protocol::instant until,
                ask<protocol::reserve_budget> what, reserved_promise promise);
  caf::result<state> settle(const ask<protocol::settle_budget>& it);
  void end_call(std::uint64_t number, const protocol::settle_budget& how);
  void wake();
  void beat();
  caf::result<gave_back> end_all();
  void tell_gave_back();

  // quota_front_leader.cpp: what is asked of the shared ledger
  caf::result<state> open(const ask<protocol::open_account>& it);
  void agree(const std::string& path);
  void open_there(const std::string& path);
  void carry_out();
  void ask_for(const slice_ask& it);
  void end(const protocol::settle_budget& it);
  void look_at(const slice_look& it);

  template <class Body>
  std::shared_ptr<const protocol::any_message> to_leader(Body body,
                                                         protocol::id message) {
    ask<Body> it{{}, std::move(body)};
    it.head.message = message;
    it.head.from = name();
    it.head.to = to_shared_ledger;
    it.head.deadline = now() + leader_patience;
    return std::make_shared<const protocol::any_message>(std::move(it));
  }

  template <class Answer, class Body, class Done>
  void ask_leader(Body body, protocol::id message, Done then) {
    actors::request_until<told_there>(
        this, table_, clock().now() + leader_patience,
        leader_ ? leader_() : leader_front_actor{},
        [then](protocol::result<told_there> told) mutable {
          const auto* yes =
              told ? std::get_if<Answer>(told->what.get()) : nullptr;
          if (yes != nullptr)
            then(protocol::result<Answer>{*yes});
          else
            then(protocol::result<Answer>{
                told ? protocol::fail(protocol::errc::malformed_message,
                                      "not what was asked")
                     : told.error()});
        },
        ask_there{to_leader(std::move(body), message)});
  }

  /// Shared accounts are those of the leader.
  template <class Answer, class Body>
  caf::result<Answer> look(const ask<Body>& it) {
    if (book_.find(it.body.path) == nullptr)
      return delegate(own_, it);
    auto promise = make_response_promise<Answer>();
    ask_leader<Answer>(it.body, ids_.next(now()),
                       [promise, asked = it.head.message](auto told) mutable {
                         if (!told)
                           return (void)promise.deliver(
                               actors::to_caf(told.error()));
                         told->head.correlation = asked;
                         promise.deliver(std::move(*told));
                       });
    return promise;
  }

  actors::wall_clock wall_;
  actors::budget_actor own_;
  std::function<leader_front_actor()> leader_;
  shared_book book_;
  protocol::id_source ids_;
  quota_rules rules_;
  actors::deadline_table table_;
  bool is_awake_ = false;
  std::uint64_t last_call_ = 0;
  std::unordered_map<std::uint64_t, waiting_call> calls_; // as rules_ waits
  /// By reservation of the node's own ledger; bounded by those that are open.
  std::unordered_map<protocol::id, paid_call> paid_;
  std::vector<caf::typed_response_promise<gave_back>> closers_; // of the node
};

} // namespace troupe::cluster
