#include "providers/http_provider.hpp"

#include "providers/provider_call.hpp"

#include <troupe/actors/actor_base.hpp>

#include <caf/all.hpp>

#include <map>
#include <random>

/// What the I/O thread tells the actor; never leaves the process.
namespace troupe::providers {

struct call_text {
  std::uint64_t call = 0;
  std::string text;
};

struct call_ended {
  std::uint64_t call = 0;
  protocol::result<protocol::model_reply> outcome;
};

} // namespace troupe::providers

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::providers::call_text)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::providers::call_ended)

namespace troupe::providers {

using protocol::errc;
using protocol::fail;

namespace {

using self_actor = actors::provider_actor::extend<caf::reacts_to<call_text>,
                                                  caf::reacts_to<call_ended>>;
using call_request = protocol::request<protocol::model_call>;
using call_response = protocol::response<protocol::model_reply>;
using call_promise = caf::typed_response_promise<call_response>;

class http_provider : public actors::actor_base<self_actor> {
public:
  http_provider(caf::actor_config& base, http_provider_config config);

  behavior_type make_behavior() override;
  void on_exit() override;
  const char* name() const override { return "provider"; }

private:
  struct open_call {
    protocol::header head;
    call_promise promise;
    caf::strong_actor_ptr listener;
    http::client::call_id handle = 0;
  };

  [[nodiscard]] protocol::result<void> open_client();
  caf::result<call_response> begin(const call_request& message);
  void start(std::uint64_t call, const call_request& message, std::string body);
  [[nodiscard]] http::call_request wire_call(const call_request& message,
                                             std::string body) const;
  [[nodiscard]] http::steady_time deadline_of(const protocol::header&) const;
  void cancel(const protocol::cancel& body);
  void tell(call_text& piece);
  void end(call_ended& ended);
  [[nodiscard]] protocol::id next_id();

  http_provider_config config_;
  http::base_url url_;
  actors::wall_clock clock_;
  protocol::id_source ids_;
  std::unique_ptr<http::client> client_;
  std::optional<protocol::error> problem_;
  std::uint64_t last_call_ = 0;
  std::map<std::uint64_t, open_call> open_;
};

actors::wall_clock clock_of(const http_provider_config& config) {
  return config.clock.value_or(actors::wall_clock{
      std::chrono::system_clock::now(), std::chrono::steady_clock::now()});
}

http_provider::http_provider(caf::actor_config& base,
                             http_provider_config config)
    : actor_base(base, clock_of(config)), config_(std::move(config)),
      clock_(clock_of(config_)), ids_(std::random_device{}()) {
  if (auto opened = open_client(); !opened)
    problem_ = opened.error();
}

protocol::result<void> http_provider::open_client() {
  if (auto good = validate(config_); !good)
    return good;
  url_ = *http::parse_base_url(config_.base_url);
  http::client_config limits;
  limits.connections_max = config_.connections_max;
  limits.waiting_max = config_.waiting_max;
  limits.ca_file = config_.ca_file;
  auto made = http::client::make(*config_.io, std::move(limits));
  if (!made)
    return made.error();
  client_ = std::move(*made);
  return {};
}

http_provider::behavior_type http_provider::make_behavior() {
  return {
      [this](const call_request& message) { return begin(message); },
      [this](const protocol::coordination<protocol::cancel>& message) {
        cancel(message.body);
      },
      [this](call_text& piece) { tell(piece); },
      [this](call_ended& ended) { end(ended); },
  };
}

caf::result<call_response> http_provider::begin(const call_request& message) {
  if (problem_)
    return actors::to_caf(*problem_);
  auto body = encode_call(config_.wire, message.body);
  if (!body)
    return actors::to_caf(body.error());
  if (open_.size()
      >= std::size_t{config_.connections_max} + config_.waiting_max)
    return actors::to_caf(fail(errc::overloaded, "too many calls wait"));
  const auto call = ++last_call_;
  // Before the promise, which takes the sender away from the message.
  auto listener = current_sender();
  auto promise = make_response_promise<call_response>();
  open_.emplace(call, open_call{message.head, promise, listener, 0});
  start(call, message, std::move(*body));
  return promise;
}

void http_provider::start(std::uint64_t call, const call_request& message,
                          std::string body) {
  // Strong: the actor stays until the I/O thread has let go of the call.
  const self_actor me{this};
  auto sink = std::make_shared<provider_call>(
      config_.wire.format, message.body.stream, config_.api_key, config_.pace,
      [me, call](std::string text) {
        caf::anon_send(me, call_text{call, std::move(text)});
      },
      [me, call](protocol::result<protocol::model_reply> outcome) {
        caf::anon_send(me, call_ended{call, std::move(outcome)});
      });
  if (config_.told)
    sink->hear_rates([board = config_.told, name = config_.name](
                         std::vector<actors::told_rate> rates) {
      board->tell(name, std::move(rates));
    });
  open_.at(call).handle =
      client_->start(wire_call(message, std::move(body)), std::move(sink));
}

http::call_request http_provider::wire_call(const call_request& message,
                                            std::string body) const {
  http::call_request out;
  out.to = url_.at;
  out.target = url_.path;
  out.target += path_of(config_.wire.format);
  out.headers = {{"Content-Type", "application/json"},
                 {"User-Agent", "troupe"},
                 {"Accept", message.body.stream ? "text/event-stream"
                                                : "application/json"}};
  const auto& key = config_.api_key;
  if (config_.wire.format == wire_format::anthropic_messages) {
    out.headers.emplace_back("anthropic-version", "2023-06-01");
    if (!key.empty())
      out.headers.emplace_back("x-api-key", key.reveal());
  } else if (!key.empty()) {
    out.headers.emplace_back("Authorization", "Bearer " + key.reveal());
  }
  for (const auto& header : config_.headers)
    out.headers.push_back(header);
  out.body = std::move(body);
  out.deadline = deadline_of(message.head);
  out.timeouts = config_.timeouts;
  out.body_bytes_max = config_.answer_bytes_max;
  return out;
}

http::steady_time
http_provider::deadline_of(const protocol::header& head) const {
  if (head.deadline == protocol::instant{})
    return home_system().clock().now() + config_.call_limit;
  return clock_.steady_at(head.deadline);
}

void http_provider::cancel(const protocol::cancel& body) {
  if (!body.scope)
    return;
  for (auto i = open_.begin(); i != open_.end();) {
    auto& call = i->second;
    if (call.head.cancel_scope != body.scope) {
      ++i;
      continue;
    }
    client_->cancel(call.handle);
    call.promise.deliver(
        actors::to_caf(fail(errc::cancelled, "the call was cancelled")));
    i = open_.erase(i);
  }
}

void http_provider::tell(call_text& piece) {
  const auto found = open_.find(piece.call);
  if (found == open_.end() || !found->second.listener)
    return;
  protocol::notification<protocol::model_delta> delta;
  delta.head = protocol::answer_to(found->second.head, next_id());
  delta.head.content = protocol::taint::untrusted;
  delta.body.text = std::move(piece.text);
  send(caf::actor_cast<actors::delta_sink_actor>(found->second.listener),
       std::move(delta));
}

void http_provider::end(call_ended& ended) {
  auto call = open_.extract(ended.call);
  if (call.empty())
    return;
  auto& [head, promise, listener, handle] = call.mapped();
  if (!ended.outcome) {
    promise.deliver(actors::to_caf(ended.outcome.error()));
    return;
  }
  call_response answer;
  answer.head = protocol::answer_to(head, next_id());
  answer.head.content = protocol::taint::untrusted;
  answer.body = std::move(*ended.outcome);
  answer.body.provider = config_.name;
  promise.deliver(std::move(answer));
}

protocol::id http_provider::next_id() {
  return ids_.next(clock_.at(clock().now()));
}

void http_provider::on_exit() {
  for (auto& [id, call] : open_) {
    client_->cancel(call.handle);
    call.promise.deliver(
        actors::to_caf(fail(errc::unreachable, "the provider has ended")));
  }
  open_.clear();
  client_.reset();
}

} // namespace

actors::provider_actor spawn_http_provider(caf::actor_system& system,
                                           http_provider_config config) {
  return system.spawn<http_provider>(std::move(config));
}

} // namespace troupe::providers
