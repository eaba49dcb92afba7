#pragma once

#include "journal/store_journal.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// The journal in a SQLite file, made when there is none, or in the store that
/// a URL names (`store::add_driver`), which several processes may use at once.
/// `now` must not step back. `vfs` as for `open_sqlite_store`, whose errors it
/// has, besides those of `store::open_url`. `seed`: of ids, which are made by
/// chance without it. `lease`: of runs, where several use it. A store that is
/// away is waited for, less than a run waits for its journal.
[[nodiscard]] protocol::result<std::unique_ptr<store_journal>>
open_journal_file(const std::string& file, store_journal::clock now,
                  const std::string& vfs = {},
                  std::optional<std::uint64_t> seed = {},
                  protocol::duration lease = run_leases::usual_ttl);

/// One that is there already, for a command that looks at it.
[[nodiscard]] protocol::result<std::unique_ptr<store_journal>>
open_journal_file(const std::string& file);

/// Decides a run again by its entries. Errors: those of `read`;
/// `journal_damaged` for an entry that would be another now.
[[nodiscard]] protocol::result<void> check_replay(store_journal& journal,
                                                  protocol::id run);

/// Forgets the runs of a journal that have ended before `before`, and gives
/// back their room. No such file: none. Errors: as above.
[[nodiscard]] protocol::result<forgotten_parts>
forget_old_runs(const std::string& file, protocol::instant before,
                store_journal::clock now);

} // namespace troupe
