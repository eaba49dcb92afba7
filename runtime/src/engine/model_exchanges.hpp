#pragma once

#include "exchanges/exchange_file.hpp"
#include "troupe/runtime/config.hpp"

#include <troupe/actors/recording_provider.hpp>

#include <caf/actor_system.hpp>

#include <memory>
#include <set>
#include <string>

namespace troupe {

/// The recording that an engine makes of its providers' calls, or the one that
/// answers in their place. Thread safety: as its parts, once it is open.
class model_exchanges {
public:
  /// Errors: as `exchange_file::open` and `read_exchanges`.
  [[nodiscard]] protocol::result<void> open(const exchanges_config& wish);

  [[nodiscard]] bool is_recording() const noexcept {
    return recording_ != nullptr;
  }
  [[nodiscard]] bool is_replay() const noexcept { return book_ != nullptr; }

  /// True when calls to a provider were recorded.
  [[nodiscard]] bool has_calls_to(const std::string& provider) const {
    return providers_.contains(provider);
  }

  /// A provider that records into this recording.
  [[nodiscard]] actors::provider_actor
  recorded(actors::recording_config config) const;

  /// One that answers from it.
  [[nodiscard]] actors::provider_actor
  replaying(caf::actor_system& system, actors::replaying_config config) const;

  [[nodiscard]] protocol::exchange_counts counts() const;

private:
  std::shared_ptr<exchange_file> recording_;    ///< Null: none is made.
  std::shared_ptr<actors::exchange_book> book_; ///< Null: calls are real.
  std::set<std::string> providers_;             ///< That were called.
};

} // namespace troupe
