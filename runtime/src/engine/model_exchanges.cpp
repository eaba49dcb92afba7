#include "engine/model_exchanges.hpp"

#include "engine/engine.hpp"
#include "providers/key_file.hpp"

#include <troupe/actors/log.hpp>

#include <caf/all.hpp>

namespace troupe {

using protocol::result;

result<void> model_exchanges::open(const exchanges_config& wish) {
  if (!wish.record.empty()) {
    auto made = exchange_file::open(wish.record);
    if (!made)
      return made.error();
    recording_ = std::move(*made);
  }
  if (wish.replay.empty())
    return {};
  auto read = read_exchanges(wish.replay, wish.replay_mode);
  if (!read)
    return read.error();
  if (read->is_cut)
    actors::log(actors::log_level::warn, "replay", "cut",
                "the recording's last line is cut and left out");
  for (const auto& it : read->exchanges)
    providers_.insert(it.provider);
  book_ = std::make_shared<actors::exchange_book>(std::move(read->exchanges),
                                                  wish.replay_mode);
  return {};
}

actors::provider_actor
model_exchanges::recorded(actors::recording_config config) const {
  config.log = recording_;
  auto& system = config.to.home_system();
  return actors::spawn_recording_provider(system, std::move(config));
}

actors::provider_actor
model_exchanges::replaying(caf::actor_system& system,
                           actors::replaying_config config) const {
  config.book = book_;
  return actors::spawn_replaying_provider(system, std::move(config));
}

protocol::exchange_counts model_exchanges::counts() const {
  if (recording_)
    return recording_->counts();
  return book_ ? book_->counts() : protocol::exchange_counts{};
}

/// Sets up providers that answer from the recording. Returns whether real
/// models may be chosen freely.
bool engine::prepare_replay(std::set<std::string>& usable) {
  bool calls_real_models = false;
  for (const auto& it : config_.providers) {
    // Keys are not needed, but what was hidden then has to be hidden now.
    if (!it.api_key_env.empty() || !it.api_key_file.empty())
      if (auto key = providers::load_api_key(it.api_key_env, it.api_key_file))
        keys_.push_back(std::move(*key));
    const bool is_simulated = it.kind == provider_kind::simulated;
    // A preset without a key was not usable when the recording was made.
    if (it.is_preset && !is_simulated && !exchanges_.has_calls_to(it.name))
      continue;
    usable.insert(it.name);
    calls_real_models = calls_real_models || !(it.is_preset || is_simulated);
    make_provider_.emplace(it.name, [this, name = it.name] {
      return exchanges_.replaying(
          system_, {name, nullptr, secrets(), clock_, next_seed()});
    });
  }
  return calls_real_models;
}

} // namespace troupe
