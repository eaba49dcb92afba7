#pragma once

#include "admission.hpp"
#include "fallback_chains.hpp"
#include "hedge_rules.hpp"
#include "latency_order.hpp"
#include "model_health.hpp"
#include "model_index.hpp"
#include "model_latencies.hpp"
#include "output_lengths.hpp"
#include "prefix_affinity.hpp"
#include "requests.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/status.hpp"

#include <unordered_map>
#include <vector>

namespace troupe::actors {

using router_impl = router_actor::extend<caf::reacts_to<deadline_tick>>;

/// The ROUTER's actor. In router.cpp: a call's way to a provider and back. In
/// router_*.cpp, paying: what is set aside for it; waiting: which model is
/// next, and calls that wait; falling_back: where it goes from a model that has
/// failed; hedging: second calls beside slow ones; judging: of answers.
class router : public actor_base<router_impl>, public tells_status {
public:
  router(caf::actor_config& cfg, router_config config);

  const char* name() const override { return "router"; }
  behavior_type make_behavior() override;
  void on_exit() override;
  void tell_status(protocol::part_status& to) const override;

private:
  using reply_response = protocol::response<protocol::model_reply>;

  protocol::instant now() { return config_.clock.at(clock().now()); }
  /// Which of the models that fit comes first.
  void put_in_order(std::vector<std::size_t>& chosen,
                    const protocol::request<protocol::model_call>& msg,
                    const model_need& need);
  [[nodiscard]] const protocol::token_counter&
  counter_of(const protocol::model_spec& model) const;

  caf::result<reply_response>
  take(const protocol::request<protocol::model_call>& msg);
  /// First half of an attempt: the worst case is set aside.
  void reserve(const call_ptr& call);
  void measure(routed_call& call);
  /// What was granted decides the cap.
  void begin(const call_ptr& call, const protocol::budget_reserved& held);
  /// Takes the next step that the call allows; false: there is none.
  bool degrade(const call_ptr& call, const protocol::error& why);
  bool take_step(const call_ptr& call, protocol::shortage_step step,
                 protocol::money left);
  /// So far that `left` suffices for a whole answer, or as far as it goes.
  bool compact_prompt(routed_call& call, protocol::money left);
  bool change_model(const call_ptr& call, std::size_t to);
  [[nodiscard]] model_need need_at(const routed_call& call) const;
  void wait_for_money(const call_ptr& call, const protocol::error& why);
  /// With what else the money would suffice for.
  [[nodiscard]] protocol::error refused(const routed_call& call,
                                        protocol::error why) const;
  [[nodiscard]] protocol::model_call body_for(const routed_call& call) const;
  /// Whether an answer was cut by a cap of ours that another call may lift.
  [[nodiscard]] bool is_to_go_on(const routed_call& call,
                                 const protocol::model_reply& reply);
  /// Second half: the call is carried to the provider.
  void ask_provider(const call_ptr& call);
  void provider_answered(const call_ptr& call, protocol::model_reply reply);
  void provider_failed(const call_ptr& call, const protocol::error& why);
  void settle(const call_ptr& call, protocol::settlement outcome,
              protocol::money actual, std::uint64_t tokens = 0);
  void deliver(const call_ptr& call);
  /// What was answered before it was cut goes out; else the failure.
  void finish(const call_ptr& call, const protocol::error& why);
  void pass_on(protocol::notification<protocol::model_delta>& msg);

  /// Whether the call may go on at another model, or later; if a chain is for
  /// such a failure, its models are the candidates then.
  [[nodiscard]] bool falls_back(routed_call& call, protocol::errc code);
  /// A model has declined: the call goes where a chain says. False: nowhere.
  bool leave_decliner(const call_ptr& call, protocol::model_reply& reply);
  /// The chain goes on where one of its models is too dear.
  [[nodiscard]] bool has_more_of_chain(const routed_call& call,
                                       const protocol::error& why) const;

  /// Sends the call to the best model that may be asked now, at a provider that
  /// has a place; or it waits, or ends.
  void try_next(const call_ptr& call);
  void start(const call_ptr& call, std::vector<candidate>::iterator to,
             const breaker::ticket& ticket);
  /// To the one whose breaker may let it through first. False: to none.
  bool try_least_bad(const call_ptr& call);
  /// It waits in the provider's line, if its deadline allows.
  void wait_for_place(const call_ptr& call, std::size_t provider);
  /// Lets those in a line go who may; and again when the next may.
  void serve(std::size_t provider);
  /// It waits for the first of its models, if its deadline allows.
  void rest(const call_ptr& call);
  void go_on(const call_ptr& call);
  /// What became of the attempt at the call's model, and what it has used.
  void report(const call_ptr& call, call_verdict verdict, admission::ending how,
              const call_cost& used);
  void withdraw(const call_ptr& call); ///< The attempt was not made.
  void end(const protocol::coordination<protocol::cancel>& msg);
  void end(routed_call& call, const std::string& reason);

  /// It has been sent to its provider; it gets a second one if that is slow.
  void watch(const call_ptr& call);
  void hedge(const call_ptr& call);
  /// A second call to `to`, if that may be asked now.
  bool hedge(const call_ptr& call, const candidate& to);
  void heard_first_piece(const call_ptr& call);
  void heard_whole(const routed_call& call);
  /// Its answer is the one that is told.
  void win(const call_ptr& call);
  /// A lost one was billed; what comes later is in the ledger only.
  static void bill_winner(const routed_call& lost,
                          const protocol::model_reply& reply);
  /// Ends an attempt that has failed; true: another goes on, or has.
  bool leave_to_other(const call_ptr& call, const protocol::error& why);
  /// `to` answers the asker from now on.
  void hand_over(const call_ptr& from, const call_ptr& to);
  /// Ends one attempt and no other of the same call.
  void cancel_attempt(const routed_call& call, const std::string& reason);
  caf::result<protocol::response<protocol::answer_judged>>
  judge(const protocol::request<protocol::judge_answer>& msg);

  router_config config_;
  protocol::id_source ids_;
  deadline_table table_;
  model_index index_;
  prefix_affinity affinity_;
  fallback_chains chains_;
  model_health health_;
  output_lengths lengths_;
  admission admission_;
  model_latencies latencies_;
  hedge_rules hedging_;
  std::vector<protocol::instant> line_alarms_; ///< By provider; epoch: none.
  std::uint64_t arrivals_ = 0;
  resting_calls resting_;
  std::unordered_map<protocol::id, call_ptr> calls_;      // by the request's id
  std::unordered_map<protocol::id, call_ptr> by_attempt_; // by the attempt's id
};

} // namespace troupe::actors
