#pragma once

#include <troupe/protocol/header.hpp>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include <atomic>
#include <cstdint>
#include <shared_mutex>

namespace troupe::actors {

/// Copies what a system's actors take to one that keeps it. Every actor of
/// troupe asks it before it handles a message: while it is off, that is one
/// load of a flag that nobody writes.
/// Not copied: errors, internal messages, and the questions to the history and
/// their answers, which would otherwise record the record.
/// Thread safety: any thread.
class message_tap {
public:
  [[nodiscard]] bool is_on() const noexcept {
    return on_.load(std::memory_order_relaxed);
  }

  /// From now on messages go to `receiver`, in place of an earlier one. It
  /// must bound its mailbox. `sample_permille` of all conversations are copied,
  /// each whole or not at all.
  void open(caf::actor receiver, std::uint32_t sample_permille = 1'000);

  /// Ends what `receiver` has opened; nothing if another one has since.
  void close(const caf::actor_addr& receiver);

  /// Copies the message in `content`, if it is one of a sampled conversation.
  void record(const caf::type_erased_tuple& content, protocol::instant at);

private:
  std::atomic<bool> on_{false};
  std::atomic<std::uint32_t> permille_{0};
  std::shared_mutex mutex_; ///< Guards the receiver.
  caf::actor receiver_;
};

/// The tap of an actor system that was made with troupe's `system_config`; of
/// others, one that is never opened.
[[nodiscard]] message_tap& tap_of(caf::actor_system& system);

/// True when what belongs to the message's conversation is to be kept. One
/// without a conversation goes by its trace, else by its request. By a hash:
/// every node and every run decide alike.
[[nodiscard]] bool is_sampled(const protocol::header& head,
                              std::uint32_t permille) noexcept;

} // namespace troupe::actors
