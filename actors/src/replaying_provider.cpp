#include "known_secrets.hpp"
#include "requests.hpp"
#include "troupe/actors/recording_provider.hpp"

#include <caf/all.hpp>

#include <map>

namespace troupe::actors {

using namespace protocol;

namespace {

using call_request = protocol::request<model_call>;
using call_response = protocol::response<model_reply>;
using self_actor = provider_actor::extend<caf::reacts_to<deadline_tick>>;

class replaying_provider : public actor_base<self_actor> {
public:
  replaying_provider(caf::actor_config& cfg, replaying_config config)
      : actor_base(cfg, config.clock), config_(std::move(config)),
        secrets_(config_.secrets), ids_(config_.seed) {}

  const char* name() const override { return "replaying-provider"; }

  behavior_type make_behavior() override {
    return {
        [this](const call_request& msg) { return answer(msg); },
        [this](const coordination<cancel>& msg) { end(msg.body); },
        [this](const deadline_tick& tick) { table_.on_tick(this, tick); },
    };
  }

  void on_exit() override {
    table_.close();
    for (auto& [key, call] : waiting_)
      call.promise.deliver(
          to_caf(fail(errc::unreachable, "the replay has ended")));
    waiting_.clear();
    config_.book = nullptr;
  }

private:
  using call_promise = caf::typed_response_promise<call_response>;

  /// A call that will be cancelled, as it was.
  struct waiting_call {
    protocol::id scope;
    call_promise promise;
    deadline_table::key alarm{};
  };

  caf::result<call_response> answer(const call_request& msg) {
    auto call = msg.body;
    if (!secrets_.is_empty())
      secrets_.hide_in(call);
    const auto found = config_.book->take(config_.provider, std::move(call));
    if (!found)
      return to_caf(found.error());
    const auto& recorded = **found;
    if (recorded.failure && recorded.failure->code == errc::cancelled)
      return wait(msg);
    if (msg.body.stream)
      tell(msg.head, recorded);
    if (recorded.failure)
      return to_caf(*recorded.failure);
    call_response out{answer_to(msg.head, ids_.next(now())), *recorded.reply};
    out.head.content = taint::untrusted;
    out.body.simulated = true;
    return out;
  }

  void tell(const header& asked, const model_exchange& recorded) {
    const auto sink = caf::actor_cast<delta_sink_actor>(current_sender());
    if (!sink)
      return;
    for (const auto& piece : recorded.pieces) {
      notification<model_delta> delta{answer_to(asked, ids_.next(now())),
                                      {piece.text}};
      delta.head.content = taint::untrusted;
      send(sink, std::move(delta));
    }
  }

  caf::result<call_response> wait(const call_request& msg) {
    const auto key = ++last_;
    auto promise = make_response_promise<call_response>();
    waiting_call call{msg.head.cancel_scope, promise, {}};
    if (msg.head.deadline != instant{}) {
      call.alarm =
          table_.add(config_.clock.steady_at(msg.head.deadline), [this, key] {
            finish(key, fail(errc::deadline_exceeded, "a replayed call"));
          });
      table_.arm(this);
    }
    waiting_.emplace(key, std::move(call));
    return promise;
  }

  void end(const cancel& what) {
    if (!what.scope)
      return;
    std::vector<std::uint64_t> ended;
    for (const auto& [key, call] : waiting_)
      if (call.scope == what.scope)
        ended.push_back(key);
    for (const auto key : ended) {
      if (waiting_.at(key).alarm != 0)
        table_.remove(waiting_.at(key).alarm);
      finish(key, fail(errc::cancelled, what.reason));
    }
  }

  void finish(std::uint64_t key, const error& why) {
    auto call = waiting_.extract(key);
    if (!call.empty())
      call.mapped().promise.deliver(to_caf(why));
  }

  instant now() { return config_.clock.at(clock().now()); }

  replaying_config config_;
  known_secrets secrets_;
  id_source ids_;
  deadline_table table_;
  std::map<std::uint64_t, waiting_call> waiting_;
  std::uint64_t last_ = 0;
};

} // namespace

provider_actor spawn_replaying_provider(caf::actor_system& system,
                                        replaying_config config) {
  return system.spawn<replaying_provider>(std::move(config));
}

} // namespace troupe::actors
