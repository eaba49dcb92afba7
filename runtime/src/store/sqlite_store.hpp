#pragma once

#include <troupe/actors/durable_store.hpp>

#include <memory>
#include <string>

namespace troupe {

/// A store in a SQLite file, made when there is none, for its owner alone to
/// read. One process at a time has it. Each group is one transaction with
/// `synchronous=FULL` on a write-ahead log, so that it survives the machine
/// (https://sqlite.org/wal.html). A person may read it with any SQLite; names
/// and values are blobs there.
/// Errors: `file_unreadable` (no such folder, no right to it), `config_invalid`
/// (in use by another process, damaged, of another program or a later version).
[[nodiscard]] protocol::result<std::unique_ptr<actors::durable_store>>
open_sqlite_store(const std::string& file);

/// Gives the room of what was removed back to the disk, where it is a quarter
/// of the file or more, for which it needs as much as stays once again. Nobody
/// may have the file open. True: it did. It is as it was, or smaller, also when
/// the machine fails in between. Errors: as `open_sqlite_store`, `internal`.
[[nodiscard]] protocol::result<bool>
shrink_sqlite_store(const std::string& file);

/// As `open_sqlite_store` on another `vfs` than SQLite's own, for tests of bad
/// disks.
[[nodiscard]] protocol::result<std::unique_ptr<actors::durable_store>>
open_sqlite_store(const std::string& file, const std::string& vfs);

} // namespace troupe
