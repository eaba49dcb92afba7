#include "support/runtime/provider_world.hpp"

namespace troupe::test {

using namespace std::chrono_literals;

provider_world::provider_world(providers::wire_format format) {
  config_.set("scheduler.max-threads", std::size_t{2});
  system_ = std::make_unique<caf::actor_system>(config_);
  asker_ = std::make_unique<caf::scoped_actor>(*system_);
  providers::http_provider_config config;
  config.name = "fake";
  config.wire.format = format;
  config.base_url = upstream.url("/v1");
  config.api_key = providers::secret{key_canary};
  config.told = rates;
  config.io = &io_;
  provider_ = providers::spawn_http_provider(*system_, std::move(config));
}

provider_world::~provider_world() {
  end_provider();
  provider_ = nullptr;
  asker_.reset();
  system_.reset();
}

provider_world::call_request provider_world::call(const std::string& text) {
  call_request message;
  message.head.message = {1, 2};
  message.body.model = "m";
  message.body.messages = {
      {protocol::chat_role::user, {protocol::text_part{text}}}};
  return message;
}

protocol::result<provider_world::call_response>
provider_world::ask(const call_request& message,
                    const std::function<void()>& meanwhile) {
  using delta = protocol::notification<protocol::model_delta>;
  auto& self = *asker_;
  const auto before = upstream.requests().size();
  protocol::result<call_response> outcome =
      protocol::fail(protocol::errc::internal, "no answer within 20 s");
  auto pending = self->request(provider_, 20s, message);
  if (meanwhile
      && eventually([&] { return upstream.requests().size() > before; }))
    meanwhile();
  pending.receive([&](const call_response& reply) { outcome = reply; },
                  [&](caf::error& why) { outcome = actors::from_caf(why); });
  bool more = true;
  while (more)
    self->receive([&](const delta& piece) { told += piece.body.text; },
                  caf::after(5ms) >> [&] { more = false; });
  return outcome;
}

void provider_world::cancel(protocol::id scope) {
  protocol::coordination<protocol::cancel> message;
  message.body.scope = scope;
  (*asker_)->send(provider_, message);
}

void provider_world::end_provider() {
  caf::anon_send_exit(provider_, caf::exit_reason::user_shutdown);
}

bool provider_world::eventually(const std::function<bool()>& claim) {
  const auto limit = std::chrono::steady_clock::now() + 10s;
  while (!claim()) {
    if (std::chrono::steady_clock::now() > limit)
      return false;
    (*asker_)->receive(caf::after(1ms) >> [] {});
  }
  return true;
}

} // namespace troupe::test
