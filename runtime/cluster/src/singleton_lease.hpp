#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <cstdint>

namespace troupe::cluster {

/// How one of many processes comes to do what only one may.
struct singleton_limits {
  /// What the store is asked for.
  protocol::duration ttl = std::chrono::seconds{15};
  /// How long before it can end elsewhere the service stops: as long as what
  /// is under way then may take.
  protocol::duration margin = std::chrono::seconds{3};
  /// How often it is extended, and how often others ask whether it is free.
  protocol::duration ask_every = std::chrono::seconds{3};
  /// After which a question that was not answered is asked again.
  protocol::duration patience = std::chrono::seconds{5};
  /// By how much this process's clock and the store's may go wrong against
  /// each other, in millionths.
  std::uint32_t clock_error_ppm = 1'000;
};

/// Errors: `config_invalid` when no time is left to serve, or to be extended.
[[nodiscard]] protocol::result<void>
check_limits(const singleton_limits& limits);

/// Decides when one of many processes may serve, by a lease that a store keeps
/// by its own clock: plain values, no clock and no store. At most one of them
/// serves at any moment, whatever answers are lost or late and however long
/// processes stand still, as long as the clocks go as was said.
///
/// `now` is this machine's clock that never steps and that goes on while it is
/// suspended (CLOCK_BOOTTIME). What the store is asked counts from the moment
/// it was asked, which is before the store has begun to count.
/// Who serves looks at `may_serve` before each thing that it does, and has the
/// store check `token` where that is possible. Not thread-safe.
class singleton_lease {
public:
  explicit singleton_lease(const singleton_limits& limits) : limits_(limits) {}

  /// Whether the service may do something at this moment.
  [[nodiscard]] bool may_serve(protocol::duration now) const noexcept {
    return token_ != 0 && now < until_;
  }

  /// Of the lease under which it serves. When it becomes another, what was
  /// begun under the one before is to be given up. 0: none.
  [[nodiscard]] std::uint64_t token() const noexcept { return token_; }

  /// Up to when it may serve, unless it is extended.
  [[nodiscard]] protocol::duration until() const noexcept { return until_; }

  /// Whether the store is to be asked for the lease now.
  [[nodiscard]] bool should_ask(protocol::duration now) const noexcept;

  /// It is asked: the token to ask with. An answer to an earlier question is of
  /// no account any more.
  [[nodiscard]] std::uint64_t ask(protocol::duration now) noexcept;

  /// The store's answer: a token, or 0 when another has the lease.
  void answered(std::uint64_t token) noexcept;

  /// There is no answer, or nobody knows: the time that is left goes on.
  void failed() noexcept { is_asking_ = false; }

  /// The service has stopped on purpose: the token to let go of; 0: none.
  [[nodiscard]] std::uint64_t step_down() noexcept;

private:
  singleton_limits limits_;
  std::uint64_t token_ = 0;
  protocol::duration until_{};
  protocol::duration asked_at_{};
  bool is_asking_ = false;
  bool has_asked_ = false;
};

} // namespace troupe::cluster
