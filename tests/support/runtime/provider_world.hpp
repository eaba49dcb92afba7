#pragma once

#include "providers/http_provider.hpp"
#include "support/runtime/fake_upstream.hpp"

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <string>

namespace troupe::test {

/// A key that must appear in no error.
inline const std::string key_canary = "sk-canary-1234567890abcdefghij";

/// A real provider actor in front of a fake upstream, and somebody who asks.
class provider_world {
public:
  using call_request = protocol::request<protocol::model_call>;
  using call_response = protocol::response<protocol::model_reply>;

  explicit provider_world(providers::wire_format format);
  ~provider_world();
  provider_world(const provider_world&) = delete;
  provider_world& operator=(const provider_world&) = delete;

  /// A call with one user message.
  [[nodiscard]] static call_request call(const std::string& text);

  /// Sends `message`; `meanwhile` runs once the upstream has the request.
  [[nodiscard]] protocol::result<call_response>
  ask(const call_request& message, const std::function<void()>& meanwhile = {});
  void cancel(protocol::id scope);
  void end_provider();
  /// Polls until `claim` holds, at most ten seconds.
  [[nodiscard]] bool eventually(const std::function<bool()>& claim);

  fake_upstream upstream;
  std::string told; ///< All deltas so far.
  std::shared_ptr<actors::rate_board> rates =
      std::make_shared<actors::rate_board>();

private:
  http::io_thread io_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<caf::scoped_actor> asker_;
  actors::provider_actor provider_;
};

} // namespace troupe::test
