#pragma once

#include "troupe/actors/clock.hpp"
#include "troupe/actors/exchange_book.hpp"
#include "troupe/actors/provider.hpp"

#include <memory>
#include <string>
#include <vector>

namespace troupe::actors {

struct recording_config {
  std::string provider; ///< Its name.
  provider_actor to;    ///< Who carries the calls; ends with the recorder.
  std::shared_ptr<exchange_log> log;
  std::vector<std::string> secrets; ///< Recorded as `[redacted]`.
  wall_clock clock;
  std::uint64_t seed = 0;
  /// On a thread of its own, which the disk may block.
  bool has_own_thread = true;
};

/// A provider that hands its calls to another one, and records each with its
/// end before it answers. When it cannot record any more it logs that once and
/// goes on without: calls are paid by then. It ends when the other one does.
[[nodiscard]] provider_actor spawn_recording_provider(caf::actor_system& system,
                                                      recording_config config);

struct replaying_config {
  std::string provider; ///< Its name.
  std::shared_ptr<exchange_book> book;
  std::vector<std::string> secrets; ///< As they were when it was recorded.
  wall_clock clock;
  std::uint64_t seed = 0;
};

/// A provider that answers from a book, at once, and asks nobody: pieces of a
/// stream first, then the reply, marked as simulated, or the error. A call that
/// had been cancelled waits to be cancelled again. Errors: as
/// `exchange_book::take`, and what was recorded.
[[nodiscard]] provider_actor spawn_replaying_provider(caf::actor_system& system,
                                                      replaying_config config);

} // namespace troupe::actors
