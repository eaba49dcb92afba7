#pragma once

#include "troupe/actors/ledger_log.hpp"

#include <functional>
#include <iterator>
#include <optional>
#include <utility>

namespace troupe::actors {

/// Entries of the ledger on their way to the disk, a batch at a time, and who
/// waits for them. What cannot be written stays, to be written again before all
/// that comes later; nobody waits for it then. Pure.
class ledger_queue {
public:
  using listener = std::function<void(const protocol::result<void>&)>;

  /// Beyond it requests are `overloaded`.
  static constexpr std::size_t waiting_max = 100'000;

  void add(ledger_entry it) { entries_.push_back(std::move(it)); }
  void add(ledger_entry it, listener who) {
    add(std::move(it));
    waiting_.push_back(std::move(who));
  }

  /// Told with what was added before; false: all of that is kept.
  bool after_all(listener who) {
    if (entries_.empty() && !is_writing_)
      return false;
    (entries_.empty() ? on_the_way_ : waiting_).push_back(std::move(who));
    return true;
  }

  /// The next batch; empty: there is none, one is being written, or it rests.
  [[nodiscard]] std::vector<ledger_entry> next() {
    if (is_writing_ || is_resting_ || entries_.empty())
      return {};
    is_writing_ = true;
    on_the_way_ = std::exchange(waiting_, {});
    return std::exchange(entries_, {});
  }

  /// The batch is kept; true: one before was not.
  bool kept() {
    is_writing_ = false;
    const bool was_failing = std::exchange(failure_, std::nullopt).has_value();
    tell(on_the_way_, {});
    return was_failing;
  }

  /// It is not, and these are its entries; it rests until `go_on`. True: the
  /// one before was kept.
  bool failed(std::vector<ledger_entry> unkept, const protocol::error& why) {
    is_writing_ = false;
    is_resting_ = true;
    const bool is_first = !failure_;
    failure_ = why;
    std::move(entries_.begin(), entries_.end(), std::back_inserter(unkept));
    entries_ = std::move(unkept);
    tell(on_the_way_, why);
    tell(waiting_, why);
    return is_first;
  }
  void go_on() { is_resting_ = false; }

  /// The end: what is left, for the last batch.
  [[nodiscard]] std::vector<ledger_entry> end(const protocol::error& why) {
    tell(on_the_way_, why);
    tell(waiting_, why);
    return std::exchange(entries_, {});
  }

  /// Reservations that are not kept.
  [[nodiscard]] std::vector<protocol::id> reservations() const {
    std::vector<protocol::id> all;
    for (const auto& it : entries_)
      if (const auto* held = std::get_if<held_budget>(&it.what))
        all.push_back(held->reservation);
    return all;
  }

  [[nodiscard]] const std::optional<protocol::error>& failure() const {
    return failure_;
  }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

private:
  static void tell(std::vector<listener>& whom,
                   const protocol::result<void>& outcome) {
    for (auto& each : std::exchange(whom, {}))
      each(outcome);
  }

  /// Bounded: `waiting_max`, and the settlements of what is reserved.
  std::vector<ledger_entry> entries_;
  std::vector<listener> waiting_;          ///< For `entries_`.
  std::vector<listener> on_the_way_;       ///< For what is written now.
  std::optional<protocol::error> failure_; ///< The log cannot be written now.
  bool is_writing_ = false;
  bool is_resting_ = false;
};

} // namespace troupe::actors
