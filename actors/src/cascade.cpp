#include "troupe/actors/cascade.hpp"

#include "cascade_rules.hpp"
#include "requests.hpp"
#include "troupe/actors/actor_base.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::actors {

using namespace protocol;

namespace {

/// Those behind it are expected to keep the deadline themselves; this much
/// later they are taken for lost.
constexpr std::chrono::seconds router_grace{3};

/// Answers that may still be judged.
constexpr std::size_t given_max = 4'096;

using cascade_impl = router_actor::extend<caf::reacts_to<deadline_tick>>;

class cascade : public actor_base<cascade_impl> {
public:
  cascade(caf::actor_config& cfg, cascade_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        ids_(config_.seed), tiers_(config_.models) {
    set_exit_handler([this](const caf::exit_msg& msg) { quit(msg.reason); });
  }

  const char* name() const override { return "cascade"; }

  behavior_type make_behavior() override {
    return {
        [this](const call_request& msg) { return take(msg); },
        [this](const coordination<cancel>& msg) { end(msg); },
        [this](const judge_request& msg) { return pass_on(msg); },
        [this](notification<model_delta>& msg) { pass_on(msg); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    const auto why = fail(errc::unreachable, "the cascade has ended");
    table_.close();
    for (auto& [hop, call] : by_hop_) {
      // Nobody waits for the answer any more, so that it need not be paid.
      if (const auto scope = call->head.cancel_scope)
        send(config_.router,
             coordination<cancel>{child_of(call->head, ids_.next(now())),
                                  {scope, why.detail}});
      call->promise.deliver(to_caf(why));
    }
    by_hop_.clear();
    config_.router = nullptr;
    config_.verifier = nullptr;
  }

private:
  using call_request = protocol::request<model_call>;
  using judge_request = protocol::request<judge_answer>;
  using reply_response = protocol::response<model_reply>;

  struct open_call {
    open_call(const header& asked, cascade_course way)
        : head(asked), course(std::move(way)) {}

    header head; ///< Of the asker's request.
    cascade_course course;
    delta_sink_actor sink;
    caf::typed_response_promise<reply_response> promise{};
    instant deadline{};
    instant until{};    ///< Of the tier that is asked.
    protocol::id hop{}; ///< The request that is open.
    /// What answered, and by which request.
    std::vector<std::pair<std::string, protocol::id>> answers{};
    bool has_told = false;
    std::optional<error> cancelled{};
  };
  using call_ptr = std::shared_ptr<open_call>;

  instant now() { return config_.clock.at(clock().now()); }

  caf::result<reply_response> take(const call_request& msg) {
    const auto first = first_tier(msg.body, tiers_);
    if (!first)
      return delegate(config_.router, msg);
    if (by_hop_.size() >= config_.calls_max)
      return to_caf(fail(errc::overloaded, "too many calls in flight"));
    auto call = std::make_shared<open_call>(
        msg.head, cascade_course{tiers_, msg.body, *first});
    call->deadline =
        earlier_deadline(msg.head.deadline, now() + config_.patience);
    // Making the promise takes the sender away, so it is read first.
    call->sink = caf::actor_cast<delta_sink_actor>(current_sender());
    call->promise = make_response_promise<reply_response>();
    go_on(call, cascade_step::ask);
    return call->promise;
  }

  void go_on(const call_ptr& call, cascade_step step) {
    switch (step) {
    case cascade_step::ask:
      return ask(call);
    case cascade_step::judge:
      return judge(call);
    case cascade_step::give:
      return deliver(*call);
    case cascade_step::fail:
      return give_up(*call, call->course.failure());
    }
  }

  void ask(const call_ptr& call) {
    call->until = time_of_tier(now(), call->deadline, call->course.is_last());
    hop(call, call->course.question(), call->head.content,
        [this, call](result<reply_response> answer) {
          if (!answer)
            return call->course.failed(answer.error(), now() < call->deadline);
          call->answers.emplace_back(answer->body.model, call->hop);
          return call->course.answered(std::move(answer->body));
        });
  }

  void judge(const call_ptr& call) {
    if (config_.verifier)
      return go_on(call, call->course.rated(verified(call->course)));
    // What a model wrote is now a part of the question.
    hop(call, call->course.judging(), taint::untrusted,
        [call](const result<reply_response>& answer) {
          return answer ? call->course.judged(answer->body)
                        : call->course.rated(std::nullopt);
        });
  }

  /// One request to the router; `seen` says what follows from its answer.
  template <class Seen>
  void hop(const call_ptr& call, model_call body, taint content, Seen seen) {
    call_request msg{child_of(call->head, ids_.next(now()), call->until),
                     std::move(body)};
    msg.head.from = call->head.from; // the calls are its own
    msg.head.content = content;
    call->hop = msg.head.message;
    by_hop_.emplace(call->hop, call);
    request_until<reply_response>(
        this, table_, config_.clock.steady_at(call->until) + router_grace,
        config_.router,
        [this, call, seen](result<reply_response> answer) {
          by_hop_.erase(call->hop);
          if (call->cancelled) // it overtook the answer
            return give_up(*call, *call->cancelled);
          go_on(call, seen(std::move(answer)));
        },
        std::move(msg));
  }

  std::optional<std::uint32_t> verified(const cascade_course& course) {
    try {
      return config_.verifier(course.asked(), course.answer());
    } catch (...) {
      log(log_level::warn, "cascade", "verifier-threw", "");
    }
    return std::nullopt;
  }

  void deliver(open_call& call) {
    auto reply = call.course.take_reply();
    remember(call, reply.model);
    auto text = text_of(reply.content);
    if (call.course.asked().stream && !call.has_told && call.sink
        && !text.empty())
      send(call.sink,
           notification<model_delta>{answer_to(call.head, ids_.next(now())),
                                     {std::move(text)}});
    call.promise.deliver(reply_response{answer_to(call.head, ids_.next(now())),
                                        std::move(reply)});
  }

  /// By which request to the router the answer was given, to judge it by.
  void remember(const open_call& call, const std::string& model) {
    const auto it =
        std::find_if(call.answers.rbegin(), call.answers.rend(),
                     [&](const auto& answer) { return answer.first == model; });
    if (it == call.answers.rend())
      return;
    given_.erase(order_[next_]);
    order_[next_] = call.head.message;
    next_ = (next_ + 1) % given_max;
    given_.insert_or_assign(call.head.message, it->second);
  }

  caf::result<protocol::response<answer_judged>>
  pass_on(const judge_request& msg) {
    auto to = msg;
    if (const auto found = given_.find(msg.body.call); found != given_.end())
      to.body.call = found->second;
    return delegate(config_.router, std::move(to));
  }

  static void give_up(open_call& call, const error& why) {
    call.promise.deliver(to_caf(why));
  }

  void pass_on(notification<model_delta>& msg) {
    const auto found = by_hop_.find(msg.head.correlation);
    if (found == by_hop_.end())
      return;
    auto& call = *found->second;
    // Of a lower tier nothing is told before it is taken.
    if (!call.sink || !call.course.is_last() || !call.course.asked().stream)
      return;
    call.has_told = true;
    msg.head.correlation = call.head.message;
    send(call.sink, std::move(msg));
  }

  void end(const coordination<cancel>& msg) {
    if (!msg.body.scope)
      return;
    // They end with the router's answer, so that they are settled.
    for (auto& [hop, call] : by_hop_)
      if (call->head.cancel_scope == msg.body.scope)
        call->cancelled = fail(errc::cancelled, msg.body.reason);
    send(config_.router, msg);
  }

  cascade_config config_;
  id_source ids_;
  deadline_table table_;
  tier_table tiers_;
  /// Each open call by the request that is open for it.
  std::unordered_map<protocol::id, call_ptr> by_hop_;
  std::unordered_map<protocol::id, protocol::id> given_; ///< By asker's id.
  /// The keys of `given_`: a ring.
  std::vector<protocol::id> order_ = std::vector<protocol::id>(given_max);
  std::size_t next_ = 0;
};

} // namespace

router_actor spawn_cascade(caf::actor_system& system, cascade_config config) {
  return caf::actor_cast<router_actor>(
      system.spawn<cascade>(std::move(config)));
}

} // namespace troupe::actors
