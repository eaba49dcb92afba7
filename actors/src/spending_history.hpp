#pragma once

#include "troupe/actors/ledger_log.hpp"

#include <troupe/protocol/money.hpp>
#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

namespace troupe::actors {

/// What was spent, or is taken back when negative.
struct spent_sums {
  protocol::money spent;
  protocol::money unknown; ///< The part whose outcome nobody knows.
  std::int64_t tokens = 0;
  std::int64_t calls = 0;

  spent_sums& operator+=(const spent_sums& other) noexcept;
};

/// What was spent when, in steps of equal length. Holds `steps_max` steps:
/// those before are dropped, or, when made `coarsening`, the steps are made
/// longer. Times never go back. Not thread-safe.
class spending_history {
public:
  static constexpr std::size_t steps_max = 61;

  enum class when_full : std::uint8_t { drop, coarsen };

  /// `step` is above 0.
  spending_history(protocol::duration step, when_full policy)
      : step_(step), policy_(policy) {}

  void add(const spent_sums& what, protocol::instant at);

  /// Corrects what was added at `at`; false when that step is gone.
  bool correct(const spent_sums& what, protocol::instant at);

  /// Drops the steps that had ended by `limit`; returns what they held.
  spent_sums drop_until(protocol::instant limit);

  [[nodiscard]] protocol::duration step() const noexcept { return step_; }

  /// What it holds, to be put back into one with the same steps.
  [[nodiscard]] std::vector<kept_step> kept() const;
  [[nodiscard]] protocol::instant first() const noexcept { return first_; }
  void put_back(const std::vector<kept_step>& steps, protocol::instant first);

  /// Money of each whole step from the first that is known until `now`, at
  /// most `steps_max`, those with nothing as well.
  [[nodiscard]] std::vector<protocol::money>
  whole_steps(protocol::instant now) const;

private:
  struct entry {
    std::int64_t step; ///< Number of its step since the epoch.
    spent_sums sums;
  };

  [[nodiscard]] std::int64_t step_of(protocol::instant at) const noexcept;
  void make_room(std::int64_t newest);

  protocol::duration step_;
  when_full policy_;
  protocol::instant first_ = protocol::instant::max(); ///< That was added.
  /// By step; those without spending have none.
  std::deque<entry> entries_; // bounded by steps_max
};

} // namespace troupe::actors
