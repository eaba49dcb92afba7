// The part of the engine that records messages.
#include "engine/engine.hpp"

#include <caf/all.hpp>

#include <cstdlib>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::seconds patience{10};

} // namespace

// Behind the state store: nobody holds its handle, so none falls with it.
actors::child_spec engine::history_child() {
  return {"history", [this](caf::actor_system& system) {
            const auto& from = config_.history;
            actors::history_config to;
            to.limits.entries_max = from.entries_max;
            to.limits.bytes_max = from.bytes_max;
            to.limits.age_max = from.age_max;
            to.sample_permille = from.sample_permille;
            for (const auto& key : keys_)
              to.hide.secrets.push_back(key.reveal());
            for (const auto& name : from.secrets_env)
              if (const auto* value = std::getenv(name.c_str()))
                to.hide.secrets.emplace_back(value);
            to.clock = clock_;
            to.seed = next_seed();
            auto it = actors::spawn_history(system, std::move(to));
            const std::lock_guard lock{roles_.mutex};
            roles_.history = it;
            return caf::actor_cast<caf::actor>(it);
          }};
}

result<protocol::messages_found> engine::messages(protocol::find_messages ask) {
  actors::history_actor history;
  {
    const std::lock_guard lock{roles_.mutex};
    history = roles_.history;
  }
  if (!history)
    return fail(errc::invalid_request,
                "messages are not recorded: set history.enabled");
  result<protocol::messages_found> outcome =
      fail(errc::unreachable, "the history is gone");
  caf::scoped_actor self{system_};
  self->request(history, patience,
                protocol::request<protocol::find_messages>{new_header(),
                                                           std::move(ask)})
      .receive(
          [&](protocol::response<protocol::messages_found>& found) {
            outcome = std::move(found.body);
          },
          [&](const caf::error& failure) {
            outcome = actors::from_caf(failure);
          });
  return outcome;
}

} // namespace troupe
