#include "scripted_provider.hpp"

#include <troupe/actors/actor_base.hpp>

#include <caf/all.hpp>

#include <map>

namespace troupe::testing {

/// The time of a call has come, by its number; or its deadline.
struct call_due {
  std::uint64_t call = 0;
  bool is_deadline = false;
};

/// Something has arrived somewhere.
struct net_due {
  std::uint64_t generation = 0;
};

} // namespace troupe::testing

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::testing::call_due)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::testing::net_due)

namespace troupe::testing {

using namespace protocol;

namespace {

using call_request = request<model_call>;
using call_response = response<model_reply>;

using interface = actors::provider_actor::extend<caf::reacts_to<call_due>,
                                                 caf::reacts_to<net_due>>;

std::uint64_t quarter_of(std::size_t bytes) {
  return (bytes + 3) / 4;
}

class scripted_provider : public actors::actor_base<interface> {
public:
  scripted_provider(caf::actor_config& cfg, const actors::wall_clock& clock,
                    model_mind mind, std::shared_ptr<network> between)
      : actor_base(cfg, clock), clock_(clock), mind_(std::move(mind)),
        between_(std::move(between)), ids_(0x5C217) {}

  const char* name() const override { return "scripted-provider"; }

  behavior_type make_behavior() override {
    return {
        [this](const call_request& asked) { return take(asked); },
        [this](const coordination<cancel>& message) {
          for (auto it = open_.begin(); it != open_.end();)
            it = it->second.asked->head.cancel_scope == message.body.scope
                     ? end(it, fail(errc::cancelled, message.body.reason))
                     : std::next(it);
        },
        [this](const call_due& due) { act(due); },
        [this](const net_due& due) {
          if (due.generation == generation_)
            carry();
        },
    };
  }

  void on_exit() override {
    for (auto it = open_.begin(); it != open_.end();)
      it = end(it, fail(errc::unreachable, "the provider has ended"));
    asked_.clear();
  }

private:
  struct open_call {
    std::shared_ptr<const call_request> asked;
    caf::typed_response_promise<call_response> promise;
    caf::strong_actor_ptr sink; ///< Null without a stream.
  };
  using place = std::map<std::uint64_t, open_call>::iterator;

  caf::typed_response_promise<call_response> take(const call_request& asked) {
    caf::strong_actor_ptr sink; // the promise takes the sender away
    if (asked.body.stream)
      sink = current_sender();
    const auto number = ++last_;
    const auto copy = std::make_shared<const call_request>(asked);
    const auto promise = make_response_promise<call_response>();
    open_.emplace(number, open_call{copy, promise, std::move(sink)});
    asked_.emplace(number, copy);
    if (asked.head.deadline != instant{})
      delayed_send(this,
                   std::max<caf::timespan>(clock_.steady_at(asked.head.deadline)
                                               - clock().now(),
                                           caf::timespan{0}),
                   call_due{number, true});
    if (between_)
      say("here", "there", number);
    else
      serve(number);
    return promise;
  }

  /// The model is asked; also when nobody waits for it any more.
  void serve(std::uint64_t number) {
    const auto asked = asked_.extract(number);
    if (asked.empty())
      return; // a copy
    auto act = mind_(*asked.mapped());
    complete(act, asked.mapped()->body);
    if (act.hangs)
      return;
    delayed_send(this, act.after, call_due{number});
    acts_.emplace(number, std::move(act));
  }

  static void complete(model_act& act, const model_call& asked) {
    if (!act.outcome)
      return;
    auto& reply = *act.outcome;
    const auto text = text_of(reply.content);
    if (act.pieces.empty() && !text.empty())
      act.pieces.push_back(text);
    reply.model = asked.model;
    reply.provider = "scripted";
    reply.simulated = true;
    if (reply.used != usage{} || !act.is_counted)
      return;
    reply.used.input = quarter_of(prompt_of(asked).size());
    reply.used.output = std::min<std::uint64_t>(
        quarter_of(text.size()) + 1, std::max(asked.output_tokens_max, 1U));
  }

  void act(const call_due& due) {
    const auto found = open_.find(due.call);
    if (due.is_deadline && found != open_.end())
      end(found, fail(errc::deadline_exceeded, "the model took too long"));
    else if (!due.is_deadline && between_)
      say("there", "here", due.call);
    else if (!due.is_deadline)
      finish(due.call);
  }

  void finish(std::uint64_t number) {
    auto ended = acts_.extract(number);
    const auto found = open_.find(number);
    if (ended.empty() || found == open_.end())
      return; // a copy, or nobody waits any more
    auto& call = found->second;
    if (call.sink)
      for (const auto& text : ended.mapped().pieces)
        send(caf::actor_cast<actors::delta_sink_actor>(call.sink),
             notification<model_delta>{answer_to(call.asked->head, next_id()),
                                       {text}});
    end(found, std::move(ended.mapped().outcome));
  }

  place end(place which, result<model_reply> outcome) {
    auto& call = which->second;
    if (outcome)
      call.promise.deliver(call_response{answer_to(call.asked->head, next_id()),
                                         std::move(*outcome)});
    else
      call.promise.deliver(actors::to_caf(outcome.error()));
    return open_.erase(which);
  }

  void say(const char* from, const char* to, std::uint64_t number) {
    between_->send(from, to, std::to_string(number), now());
    wake();
  }

  void carry() {
    for (const auto& it : between_->take_due(now())) {
      const auto number = std::stoull(it.bytes);
      if (it.to == "there")
        serve(number);
      else
        finish(number);
    }
    wake();
  }

  void wake() {
    const auto next = between_->next();
    if (next) // the least instant there is: at once
      delayed_send(this, *next <= now() ? caf::timespan{} : *next - now(),
                   net_due{++generation_});
  }

  instant now() { return clock_.at(clock().now()); }
  protocol::id next_id() { return ids_.next(now()); }

  actors::wall_clock clock_;
  model_mind mind_;
  std::shared_ptr<network> between_; ///< Null: its models are here.
  id_source ids_;
  std::map<std::uint64_t, open_call> open_;
  /// By number: not served yet, and not told yet.
  std::map<std::uint64_t, std::shared_ptr<const call_request>> asked_;
  std::map<std::uint64_t, model_act> acts_;
  std::uint64_t last_ = 0;
  std::uint64_t generation_ = 0;
};

} // namespace

actors::provider_actor spawn_scripted_provider(caf::actor_system& system,
                                               const actors::wall_clock& clock,
                                               model_mind mind,
                                               std::shared_ptr<network> net) {
  return caf::actor_cast<actors::provider_actor>(
      system.spawn<scripted_provider>(clock, std::move(mind), std::move(net)));
}

std::string prompt_of(const model_call& call) {
  auto all = call.system;
  for (const auto& message : call.messages)
    for (const auto& part : message.content) {
      if (const auto* text = std::get_if<text_part>(&part))
        all += '\n' + text->text;
      else if (const auto* made = std::get_if<tool_result>(&part))
        all += '\n' + made->content;
    }
  return all;
}

std::string part_of_account(const std::string& path, std::size_t from_end) {
  auto end = path.size();
  for (;; --from_end) {
    const auto slash = end == 0 ? std::string::npos : path.rfind('/', end - 1);
    const auto begin = slash == std::string::npos ? 0 : slash + 1;
    if (from_end == 0)
      return path.substr(begin, end - begin);
    if (slash == std::string::npos)
      return {};
    end = slash;
  }
}

} // namespace troupe::testing
