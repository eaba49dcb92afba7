// The part of the engine that records messages.
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"

#include <caf/all.hpp>

#include <cstdlib>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

// Behind the state store: nobody holds its handle, so none falls with it.
actors::child_spec engine::history_child() {
  return {"history", [this](caf::actor_system& system) {
            const auto& from = config_.history;
            actors::history_config to;
            to.limits.entries_max = from.entries_max;
            to.limits.bytes_max = from.bytes_max;
            to.limits.age_max = from.age_max;
            to.sample_permille = from.sample_permille;
            to.hide.secrets = secrets();
            to.clock = clock_;
            to.seed = next_seed();
            return roles_.set(&roles::history,
                              actors::spawn_history(system, std::move(to)));
          }};
}

std::vector<std::string> engine::secrets() const {
  std::vector<std::string> all;
  for (const auto& key : keys_)
    all.push_back(key.reveal());
  for (const auto& name : config_.history.secrets_env)
    if (const auto* value = std::getenv(name.c_str()))
      all.emplace_back(value);
  return all;
}

result<protocol::messages_found> engine::messages(protocol::find_messages ask) {
  const auto history = roles_.get(&roles::history);
  if (!history)
    return fail(errc::invalid_request,
                "messages are not recorded: set history.enabled");
  return ask_actor<protocol::messages_found>(
      system_, history, "the history is gone",
      protocol::request<protocol::find_messages>{new_header(), std::move(ask)});
}

} // namespace troupe
