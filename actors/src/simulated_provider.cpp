#include "troupe/actors/simulated_provider.hpp"

#include "simulated_provider_rules.hpp"
#include "simulated_provider_timetable.hpp"
#include "text_digest.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/all.hpp>

#include <algorithm>
#include <unordered_map>

namespace troupe::actors {

namespace {

using protocol::errc;
using call_request = protocol::request<protocol::model_call>;
using call_response = protocol::response<protocol::model_reply>;
using cancel_message = protocol::coordination<protocol::cancel>;
using call_promise = caf::typed_response_promise<call_response>;

/// A pending timer keeps its actor, and so the actor system, alive.
constexpr protocol::duration sleep_max = std::chrono::milliseconds{500};

using provider_with_timer =
    provider_actor::extend<caf::reacts_to<caf::tick_atom, std::uint64_t>>;

/// A call that has not been answered.
struct open_call {
  protocol::header head;
  simulated_outcome outcome;
  call_promise promise;
  caf::strong_actor_ptr sink; ///< Null without a stream.
  std::size_t told = 0;       ///< Bytes of the text that went to the sink.
};

class simulated_provider : public actor_base<provider_with_timer> {
public:
  simulated_provider(caf::actor_config& cfg, simulated_provider_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        ids_(config_.seed) {
    if (!config_.count_tokens)
      config_.count_tokens = quarter_of_bytes;
  }

  const char* name() const override { return "simulated-provider"; }

  behavior_type make_behavior() override {
    return {
        [this](const call_request& request) { return start(request); },
        [this](const cancel_message& message) {
          for (const auto call : timetable_.cancel(message.body.scope))
            answer(call, protocol::fail(errc::cancelled, message.body.reason));
        },
        [this](caf::tick_atom, std::uint64_t generation) {
          if (generation == generation_) {
            armed_.reset();
            work();
          }
        },
    };
  }

  void on_exit() override {
    for (auto& [call, open] : open_)
      open.promise.deliver(to_caf(protocol::fail(
          errc::unreachable, "the simulated provider has ended")));
    open_.clear();
  }

private:
  call_promise start(const call_request& request) {
    // The promise takes the sender away, so the sink is read first.
    caf::strong_actor_ptr sink;
    if (request.body.stream)
      sink = current_sender();
    auto promise = make_response_promise<call_response>();
    if (open_.size() >= config_.calls_max) {
      promise.deliver(to_caf(protocol::fail(
          errc::overloaded,
          "calls in flight: " + std::to_string(config_.calls_max))));
      return promise;
    }
    const auto occurrence = seen_.see(hash_of(request.body));
    open_call open{request.head,
                   draw_outcome(config_, request.body, occurrence), promise,
                   std::move(sink)};
    const auto call = ++calls_;
    timetable_.add(call, schedule_of(open));
    open_.emplace(call, std::move(open));
    work();
    return promise;
  }

  call_schedule schedule_of(const open_call& open) {
    const auto& outcome = open.outcome;
    const auto start = now();
    call_schedule out{open.head.cancel_scope, {}, start + outcome.last, {}};
    const auto count = static_cast<std::int64_t>(outcome.piece_ends.size());
    const auto span = outcome.last - outcome.first;
    for (std::int64_t i = 1; i <= count; ++i)
      out.pieces.push_back(start + outcome.first + span * i / count);
    if (open.head.deadline != protocol::instant{})
      out.deadline =
          config_.clock.steady_at(open.head.deadline).time_since_epoch();
    return out;
  }

  /// Does what is due, and sees to it that it is woken for the rest.
  void work() {
    for (const auto& event : timetable_.take_due(now()))
      switch (event.what) {
      case call_event::type::piece:
        tell_piece(event.call, event.piece);
        break;
      case call_event::type::deadline:
        answer(event.call,
               protocol::fail(errc::deadline_exceeded, "simulated model call"));
        break;
      case call_event::type::answer:
        finish(event.call);
      }
    arm();
  }

  void arm() {
    const auto next = timetable_.next();
    if (!next)
      return;
    const auto at = std::min(*next, now() + sleep_max);
    if (armed_ && *armed_ <= at)
      return;
    armed_ = at;
    delayed_send(this, at - now(), caf::tick_atom_v, ++generation_);
  }

  void tell_piece(std::uint64_t call, std::size_t piece) {
    auto& open = open_.at(call);
    const auto end = open.outcome.piece_ends[piece];
    const auto& text =
        std::get<protocol::text_part>(open.outcome.reply.content.front()).text;
    if (open.sink != nullptr)
      send(caf::actor_cast<delta_sink_actor>(open.sink),
           protocol::notification<protocol::model_delta>{
               protocol::answer_to(open.head, next_id()),
               {text.substr(open.told, end - open.told)}});
    open.told = end;
  }

  void finish(std::uint64_t call) {
    auto& outcome = open_.at(call).outcome;
    if (outcome.failure)
      answer(call, std::move(*outcome.failure));
    else
      answer(call, std::move(outcome.reply));
  }

  void answer(std::uint64_t call, protocol::result<protocol::model_reply> out) {
    const auto place = open_.find(call);
    auto& open = place->second;
    if (out)
      open.promise.deliver(call_response{
          protocol::answer_to(open.head, next_id()), std::move(*out)});
    else
      open.promise.deliver(to_caf(out.error()));
    open_.erase(place);
  }

  protocol::duration now() { return clock().now().time_since_epoch(); }

  protocol::id next_id() { return ids_.next(config_.clock.at(clock().now())); }

  simulated_provider_config config_;
  protocol::id_source ids_;
  occurrence_counter seen_;
  call_timetable timetable_;
  std::unordered_map<std::uint64_t, open_call> open_;
  std::uint64_t calls_ = 0;
  std::uint64_t generation_ = 0;
  std::optional<protocol::duration> armed_; ///< Of the timer under way.
};

} // namespace

provider_actor spawn_simulated_provider(caf::actor_system& system,
                                        simulated_provider_config config) {
  return caf::actor_cast<provider_actor>(
      system.spawn<simulated_provider>(std::move(config)));
}

} // namespace troupe::actors
