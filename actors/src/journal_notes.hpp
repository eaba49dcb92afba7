#pragma once

#include <troupe/protocol/journal.hpp>

#include <utility>
#include <vector>

namespace troupe::actors {

/// The entries of a run that are still to be kept. Not thread-safe.
class journal_notes {
public:
  /// Entries are gathered from now on; before, they are dropped.
  void keep() noexcept { keeps_ = true; }
  /// No more.
  void stop() noexcept { keeps_ = false; }
  [[nodiscard]] bool is_kept() const noexcept { return keeps_; }

  void add(protocol::journal_fact what, protocol::instant now) {
    if (!keeps_)
      return;
    entries_.push_back({++last_, now, std::move(what)});
    last_at_ = now;
  }

  /// An entry that was kept already.
  void pass(const protocol::journal_entry& it) noexcept {
    last_ = it.sequence;
    last_at_ = it.at;
  }

  /// Hands out the entries since the last call, in order.
  [[nodiscard]] std::vector<protocol::journal_entry> take() {
    return std::exchange(entries_, {});
  }

  /// The sequence of the last entry; 0: there was none.
  [[nodiscard]] std::uint64_t last() const noexcept { return last_; }
  [[nodiscard]] protocol::instant last_at() const noexcept { return last_at_; }

private:
  std::vector<protocol::journal_entry> entries_; // taken after each change
  std::uint64_t last_ = 0;
  protocol::instant last_at_;
  bool keeps_ = false;
};

} // namespace troupe::actors
