#pragma once

#include <troupe/actors/ledger_log.hpp>

#include <memory>
#include <string>

namespace troupe {

/// A ledger in a SQLite file, made when there is none, for its owner alone to
/// read. One process at a time has it. Each batch is one transaction with
/// `synchronous=FULL` on a write-ahead log, so that it is on the disk before
/// anybody is told (https://sqlite.org/wal.html). A person may read it with any
/// SQLite: a row for each change, its body in JSON.
/// Errors: `file_unreadable` (no such folder, no right to it), `config_invalid`
/// (in use by another process, of another program or a later version).
/// `vfs`: as for `open_sqlite_store`; empty: SQLite's own.
[[nodiscard]] protocol::result<std::unique_ptr<actors::ledger_log>>
open_sqlite_ledger(const std::string& file, const std::string& vfs = {});

} // namespace troupe
