#pragma once

#include "commit_log.hpp"
#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/state.hpp>

#include <caf/message.hpp>

#include <algorithm>
#include <type_traits>
#include <utility>

namespace troupe::actors {

/// A commit inside the one CAF message that all followers share.
class sealed_message final : public sealed_update {
public:
  explicit sealed_message(protocol::state_update update)
      : message_(caf::make_message(std::move(update))) {}

  [[nodiscard]] const protocol::state_update& get() const noexcept override {
    return message_.get_as<protocol::state_update>(0);
  }
  [[nodiscard]] const caf::message& message() const noexcept {
    return message_;
  }

private:
  caf::message message_;
};

/// True when what `body` shows was written by somebody untrusted.
template <class Body>
[[nodiscard]] bool is_untrusted(const Body& body) {
  const auto is_bad = [](const auto& it) {
    return it.content == protocol::taint::untrusted;
  };
  if constexpr (requires { body.entry; })
    return body.entry && is_bad(*body.entry);
  else if constexpr (requires { body.entries; })
    return std::any_of(body.entries.begin(), body.entries.end(), is_bad);
  else if constexpr (std::is_same_v<Body, protocol::state_history>)
    return std::any_of(body.versions.begin(), body.versions.end(),
                       [&](const auto& it) { return is_bad(it.change); });
  else
    return false;
}

/// A message that is marked as untrusted if it shows something untrusted.
template <class Message, class Body>
[[nodiscard]] Message marked(protocol::header head, Body body) {
  if (is_untrusted(body))
    head.content = protocol::taint::untrusted;
  return {std::move(head), std::move(body)};
}

} // namespace troupe::actors
