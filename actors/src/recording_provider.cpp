#include "troupe/actors/recording_provider.hpp"

#include "known_secrets.hpp"
#include "requests.hpp"
#include "troupe/actors/driving.hpp"
#include "troupe/actors/log.hpp"

#include <caf/all.hpp>

#include <map>

namespace troupe::actors {

using namespace protocol;

namespace {

/// The other one keeps deadlines itself; this much later it is taken for lost,
/// before whoever asked takes us for lost.
constexpr std::chrono::milliseconds provider_grace{250};
constexpr std::chrono::hours no_deadline{1};

using call_request = protocol::request<model_call>;
using call_response = protocol::response<model_reply>;
using self_actor =
    provider_actor::extend<caf::reacts_to<notification<model_delta>>,
                           caf::reacts_to<deadline_tick>>;

class recording_provider : public actor_base<self_actor> {
public:
  recording_provider(caf::actor_config& cfg, recording_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        secrets_(config_.secrets), ids_(config_.seed) {
    set_down_handler([this](const caf::down_msg& msg) { quit(msg.reason); });
    set_exit_handler([this](const caf::exit_msg& msg) { quit(msg.reason); });
    monitor(config_.to);
  }

  const char* name() const override { return "recording-provider"; }

  behavior_type make_behavior() override {
    return {
        [this](const call_request& msg) { return begin(msg); },
        [this](const coordination<cancel>& msg) { send(config_.to, msg); },
        [this](notification<model_delta>& msg) { pass_on(msg); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    table_.close();
    for (auto& [attempt, call] : open_)
      call.promise.deliver(
          to_caf(fail(errc::unreachable, "the recorder has ended")));
    open_.clear();
    caf::anon_send_exit(config_.to, caf::exit_reason::user_shutdown);
    config_.to = nullptr;
  }

private:
  struct open_call {
    header head;
    caf::typed_response_promise<call_response> promise;
    delta_sink_actor sink;
    model_exchange exchange;
  };

  caf::result<call_response> begin(const call_request& msg) {
    call_request ask{child_of(msg.head, ids_.next(now())), msg.body};
    open_call call;
    call.head = msg.head;
    // Making the promise takes the sender away, so it is read first.
    call.sink = caf::actor_cast<delta_sink_actor>(current_sender());
    call.promise = make_response_promise<call_response>();
    call.exchange.number = config_.log->next_number();
    call.exchange.provider = config_.provider;
    call.exchange.started = now();
    call.exchange.asked = msg.body;
    auto promise = call.promise;
    const auto attempt = ask.head.message;
    open_.emplace(attempt, std::move(call));
    request_until<call_response>(
        this, table_, due(msg.head), config_.to,
        [this, attempt](result<call_response> answer) {
          end(attempt, std::move(answer));
        },
        std::move(ask));
    return promise;
  }

  deadline_table::time_point due(const header& head) {
    return head.deadline == instant{}
               ? clock().now() + no_deadline
               : config_.clock.steady_at(head.deadline) + provider_grace;
  }

  void pass_on(notification<model_delta>& msg) {
    const auto found = open_.find(msg.head.correlation);
    if (found == open_.end())
      return;
    auto& [head, promise, sink, exchange] = found->second;
    exchange.pieces.push_back({now() - exchange.started, msg.body.text});
    msg.head.correlation = head.message;
    if (sink)
      send(sink, std::move(msg));
  }

  void end(protocol::id attempt, result<call_response> answer) {
    auto call = open_.extract(attempt);
    if (call.empty())
      return;
    auto& [head, promise, sink, exchange] = call.mapped();
    exchange.took = now() - exchange.started;
    if (answer)
      exchange.reply = answer->body;
    else
      exchange.failure = answer.error();
    record(exchange);
    if (!answer) {
      promise.deliver(to_caf(answer.error()));
      return;
    }
    call_response out{answer_to(head, ids_.next(now())),
                      std::move(answer->body)};
    out.head.content = taint::untrusted;
    promise.deliver(std::move(out));
  }

  void record(model_exchange& exchange) {
    if (!secrets_.is_empty()) {
      // One may stand across pieces.
      std::string whole;
      for (const auto& piece : exchange.pieces)
        whole += piece.text;
      if (secrets_.occur_in(whole))
        exchange.pieces = {{exchange.pieces.front().after, std::move(whole)}};
      secrets_.hide_in(exchange);
    }
    if (auto kept = config_.log->append(exchange); !kept)
      log(log_level::warn, "recording", "ended", kept.error().detail);
  }

  instant now() { return config_.clock.at(clock().now()); }

  recording_config config_;
  known_secrets secrets_;
  id_source ids_;
  deadline_table table_;
  std::map<protocol::id, open_call> open_; ///< By the request to the other one.
};

} // namespace

provider_actor spawn_recording_provider(caf::actor_system& system,
                                        recording_config config) {
  if (config.has_own_thread)
    return spawn_apart_as<recording_provider>(system, std::move(config));
  return system.spawn<recording_provider>(std::move(config));
}

} // namespace troupe::actors
