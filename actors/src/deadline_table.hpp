#pragma once

#include "receiver_watch.hpp"
#include "troupe/actors/actor_base.hpp"

#include <caf/actor_clock.hpp>

#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace troupe::actors {

/// Wakes an actor for its deadline table.
struct deadline_tick {
  std::uint64_t generation = 0;
};

/// The open requests and alarms of one actor and when each is given up. Stands
/// in for two parts of CAF 0.17.6: its request time-outs, which keep the memory
/// of an answered request until its deadline, and its list of open responses,
/// which is searched from the start for each answer. Here an answer finds its
/// request by position and frees it at once, and one tick an actor wakes it for
/// the earliest deadline. A request whose receiver ends before it has answered
/// is given up then. Use inside one actor only.
class deadline_table final : public response_receiver {
public:
  using time_point = caf::actor_clock::time_point;
  /// Names an entry; never names another one later.
  using key = std::uint64_t;

  /// For a request that its sender gives up by itself.
  static constexpr time_point never = time_point::max();

  /// A wake-up never lies further ahead, so that an actor that has ended is
  /// not kept for longer by a tick that nobody can take back.
  static constexpr std::chrono::milliseconds longest_sleep{1'000};

  /// What waits for an answer or a time.
  struct entry {
    virtual ~entry() = default;
    virtual void answer(caf::type_erased_tuple& content) = 0;
    virtual void give_up(protocol::error why) = 0;
  };

  deadline_table() = default;
  deadline_table(const deadline_table&) = delete;
  deadline_table& operator=(const deadline_table&) = delete;
  ~deadline_table() { close(); }

  /// The actor ends: drops what waits, and counts open requests as cancelled.
  /// To be called in `on_exit`, since what waits may hold the actor itself.
  void close();

  /// Calls `ring` when `due` has come, unless it is removed before.
  key add(time_point due, std::function<void()> ring);

  /// False when it has rung, or was removed before.
  bool remove(key which);

  /// An entry for a request, counted with its outcome. Returns the id that the
  /// request is to be sent under.
  caf::message_id open_request(time_point due, message_statistics& counts,
                               std::unique_ptr<entry> what);

  /// A request has been sent: it ends as `unreachable` when its receiver ends.
  void watch(caf::message_id request, caf::actor_control_block* self,
             caf::actor_control_block* receiver);

  bool take_response(caf::mailbox_element& what) override;

  /// How many receivers are watched.
  [[nodiscard]] std::size_t watched() const noexcept {
    return receivers_ == nullptr ? 0 : receivers_->size();
  }

  [[nodiscard]] std::size_t open() const noexcept { return open_; }

  /// The earliest time that somebody waits for; `never`: nobody does.
  [[nodiscard]] time_point earliest();

  /// Makes sure that a tick comes for the earliest entry.
  template <class Self>
  void arm(Self* self) {
    const auto first = earliest();
    if (first == never || (armed_ && armed_for_ <= first))
      return;
    const auto now = self->clock().now();
    const auto due = std::min(first, now + longest_sleep);
    if (armed_ && armed_for_ <= due)
      return;
    armed_ = true;
    armed_for_ = due;
    self->delayed_send(self, std::max(due - now, time_point::duration{0}),
                       deadline_tick{++generation_});
  }

  /// Handles a tick: gives up what is due, arms the next.
  template <class Self>
  void on_tick(Self* self, const deadline_tick& tick) {
    if (tick.generation != generation_)
      return;
    armed_ = false;
    give_up_until(self->clock().now());
    arm(self);
  }

  void give_up_until(time_point now);

private:
  struct slot {
    std::unique_ptr<entry> what; ///< Null: free.
    std::uint64_t round = 0;     ///< Tells entries of one slot apart; from 1.
    receiver_watch::index receiver = receiver_watch::none;
    bool is_request = false;
  };
  struct wait {
    time_point due;
    std::uint64_t order; ///< Of adding.
    key which;
  };

  [[nodiscard]] static bool is_later(const wait& a, const wait& b) noexcept;
  key put(time_point due, std::unique_ptr<entry> what, bool is_request);
  [[nodiscard]] std::unique_ptr<entry> take(key which);
  [[nodiscard]] bool is_open(key which) const noexcept;
  void give_up(key which, message_count as, const protocol::error& why);
  void give_up_all_at(const caf::weak_actor_ptr& receiver);
  void drop_stale();

  std::vector<slot> slots_;
  std::vector<std::uint32_t> free_;
  std::unique_ptr<receiver_watch> receivers_; ///< Set with the first request.
  std::vector<wait> heap_; ///< Earliest first; what has gone is left for later.
  message_statistics* counts_ = nullptr; ///< Set with the first request.
  std::size_t open_ = 0;
  std::uint64_t added_ = 0;
  std::uint64_t generation_ = 0;
  time_point armed_for_{};
  bool armed_ = false;
};

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::deadline_tick)
