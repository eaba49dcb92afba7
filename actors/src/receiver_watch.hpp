#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/message_id.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Tells an asker that a receiver has ended.
struct receiver_ended {
  caf::weak_actor_ptr who;
};

/// The receivers that one actor asks, and how many of its requests are open at
/// each. Whatever their type, and however they end, the actor is told: as an
/// answer under an id of its choice, so behind all answers that a receiver gave
/// before. CAF's monitors would mix with those of the actor's own, and each
/// adds to the list that a receiver keeps; here all who ask a receiver share
/// one place in it. Keeps nobody alive. Use inside the asking actor only.
class receiver_watch {
public:
  /// Names a receiver until it is forgotten.
  using index = std::uint32_t;
  static constexpr index none = ~index{0};

  /// So many receivers are watched even if nothing is open at them.
  static constexpr std::size_t idle_max = 1'024;

  /// `asker` gets a `receiver_ended` under `told_as` for each end.
  receiver_watch(caf::actor_control_block* asker, caf::message_id told_as);
  ~receiver_watch();
  receiver_watch(const receiver_watch&) = delete;
  receiver_watch& operator=(const receiver_watch&) = delete;

  /// A request to `receiver` has been sent. Of one that had ended by then the
  /// asker is told at once.
  index request_sent(caf::actor_control_block* receiver) {
    if (receiver != latest_)
      find(receiver);
    ++places_[latest_at_].open;
    return latest_at_;
  }

  void request_ended(index at) noexcept { --places_[at].open; }

  /// Forgets a receiver that has ended, with the requests that are open at it.
  /// Returns what it was called; `none` when it is not known.
  index forget(const caf::weak_actor_ptr& receiver);

  /// How many receivers are watched.
  [[nodiscard]] std::size_t size() const noexcept {
    return by_receiver_.size();
  }

private:
  struct place {
    caf::weak_actor_ptr receiver; ///< Null: free.
    std::uint32_t open = 0;
  };

  void find(caf::actor_control_block* receiver);
  void drop(index at);
  void drop_idle();

  caf::weak_actor_ptr asker_;
  caf::message_id told_as_;
  std::vector<place> places_;
  std::vector<index> free_;
  std::unordered_map<const caf::actor_control_block*, index> by_receiver_;
  std::size_t sweep_at_ = idle_max;
  const caf::actor_control_block* latest_ = nullptr; ///< Asked last.
  index latest_at_ = none;
};

/// How many actors watch a receiver.
[[nodiscard]] std::size_t watchers_of(caf::actor_control_block* receiver);

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::receiver_ended)
