#pragma once

#include "journal/store_journal.hpp"

namespace troupe {

/// How often what another process was first with is made anew.
inline constexpr int tries_max = 32;

/// What goes to the disk at one time.
struct store_journal::group {
  explicit group(actors::group_kept& to) : kept(to) {}

  std::vector<actors::store_txn> txns;
  /// By txn: who is told what became of it.
  std::vector<std::vector<protocol::result<void>*>> told;
  actors::group_kept& kept;
  bool is_whole = true; ///< Nothing was refused.
  /// Those whose txn another process was first with.
  std::vector<const protocol::result<void>*> again{};

  void add(protocol::result<actors::store_txn> txn,
           std::vector<protocol::result<void>*> who) {
    if (txn) {
      txns.push_back(std::move(*txn));
      told.push_back(std::move(who));
      return;
    }
    is_whole = false;
    for (auto* it : who)
      *it = txn.error();
  }
};

} // namespace troupe
