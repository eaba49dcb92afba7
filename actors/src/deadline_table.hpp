#pragma once

#include "troupe/actors/caf_types.hpp"
#include "troupe/actors/message_statistics.hpp"

#include <caf/actor_clock.hpp>
#include <caf/duration.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <memory>
#include <utility>

namespace troupe::actors {

/// Wakes an actor for its deadline table.
struct deadline_tick {
  std::uint64_t generation = 0;
};

/// The open requests of one actor and when each is given up. CAF's own request
/// time-outs are never taken back: an answered request would hold its memory
/// until its deadline. Here an answer frees it at once, and one tick an actor
/// wakes it for the earliest deadline. Use inside one actor only.
class deadline_table {
public:
  using time_point = caf::actor_clock::time_point;
  using key = std::pair<time_point, std::uint64_t>;

  /// A wake-up never lies further ahead, so that an actor that has ended is
  /// not kept for longer by a tick that nobody can take back.
  static constexpr std::chrono::milliseconds longest_sleep{1'000};

  deadline_table() = default;
  deadline_table(const deadline_table&) = delete;
  deadline_table& operator=(const deadline_table&) = delete;
  /// Whose requests are still open when their actor ends: they are cancelled.
  ~deadline_table();

  key add(time_point due, std::function<void()> give_up);

  /// An entry for a request, whose outcome is counted.
  key add_request(time_point due, message_statistics& counts,
                  std::function<void()> give_up);

  /// Counts the answer to a request; false when it comes too late.
  bool take_answer(const key& which, const caf::error* failure);

  /// False when it has been given up before.
  bool remove(const key& which) { return open_.erase(which) != 0; }

  [[nodiscard]] std::size_t open() const noexcept { return open_.size(); }

  /// Makes sure that a tick comes for the earliest entry.
  template <class Self>
  void arm(Self* self) {
    if (open_.empty())
      return;
    const auto now = self->clock().now();
    const auto due = std::min(open_.begin()->first.first, now + longest_sleep);
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
  std::map<key, std::function<void()>> open_;
  message_statistics* counts_ = nullptr; ///< Set with the first request.
  std::size_t requests_open_ = 0;
  std::uint64_t next_ = 0;
  std::uint64_t generation_ = 0;
  time_point armed_for_{};
  bool armed_ = false;
};

/// What the requests of `self` add to.
template <class Self>
message_statistics& counts_of(Self* self) {
  if constexpr (requires { self->statistics(); })
    return self->statistics();
  else
    return statistics_of(self->home_system());
}

/// How a request that ended in `failure` is counted.
[[nodiscard]] message_count outcome_of(const caf::error& failure);

/// Sends a request; `done` is called exactly once with the answer, an error,
/// or `deadline_exceeded`. A late answer is dropped and counted.
template <class Answer, class Self, class Handle, class Done, class... Ts>
void request_until(Self* self, deadline_table& table,
                   deadline_table::time_point due, const Handle& to, Done done,
                   Ts&&... message) {
  auto shared = std::make_shared<Done>(std::move(done));
  const auto key = table.add_request(due, counts_of(self), [shared] {
    (*shared)(protocol::result<Answer>{protocol::fail(
        protocol::errc::deadline_exceeded, "no answer came in time")});
  });
  self->request(to, caf::infinite, std::forward<Ts>(message)...)
      .then(
          [&table, key, shared](Answer& answer) {
            if (table.take_answer(key, nullptr))
              (*shared)(protocol::result<Answer>{std::move(answer)});
          },
          [&table, key, shared](const caf::error& failure) {
            if (table.take_answer(key, &failure))
              (*shared)(protocol::result<Answer>{from_caf(failure)});
          });
  table.arm(self);
}

/// Sends a request whose deadline the caller keeps by itself: it must take no
/// harm from an answer that comes late or never, and count the latter.
template <class Answer, class Self, class Handle, class Message, class Ok,
          class Bad>
void request_kept(Self* self, const Handle& to, Message message, Ok ok,
                  Bad bad) {
  auto& counts = counts_of(self);
  counts.add(message_count::requests);
  self->request(to, caf::infinite, std::move(message))
      .then(
          [&counts, ok = std::move(ok)](Answer& answer) mutable {
            counts.add(message_count::answered);
            ok(answer);
          },
          [&counts, bad = std::move(bad)](const caf::error& failure) mutable {
            counts.add(outcome_of(failure));
            bad(failure);
          });
}

} // namespace troupe::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::actors::deadline_tick)
