#pragma once

#include "troupe/testing/dice.hpp"

#include <map>
#include <memory>
#include <sqlite3.h>
#include <string>
#include <vector>

namespace troupe::testing {

/// What happens to a write, a sync, a change of size or a removal.
enum class disk_fault {
  cut,       ///< The power goes; nothing works until it is back.
  io_error,  ///< It fails, and may have been done in part.
  lost_sync, ///< A sync fails and the kernel forgets what it was to write.
  full,      ///< There is no room, for this and some that follow.
};

/// A disk in memory between SQLite and nobody: a VFS of its own. A write
/// is seen at once and is safe when it was synced; of what was not, a power cut
/// takes any sectors of 512 bytes, each at any of the states it was in.
class power_disk {
public:
  explicit power_disk(std::uint64_t seed);
  ~power_disk();
  power_disk(const power_disk&) = delete;
  power_disk& operator=(const power_disk&) = delete;

  /// Its name, for `sqlite3_open_v2`.
  [[nodiscard]] const std::string& vfs() const { return name_; }

  /// The `n`th step from now on meets the fault, from 1; or the first sync from
  /// then on.
  void fail_at(std::uint64_t n, disk_fault what, bool is_at_sync = false);
  /// Whether it has.
  [[nodiscard]] bool has_failed() const { return has_failed_; }
  /// Nothing works any more.
  void cut() { is_off_ = true; }
  /// As after the death of a process: all that was written is there.
  void go_on() { is_off_ = false; }
  /// No fault is to come any more.
  void heal();
  /// The disk as the cut has left it.
  void power_on();

  bool lies = false; ///< Syncs do nothing and say they did.

  // What follows is for SQLite's callbacks.

  /// Bytes at a place, or a new size.
  struct change {
    std::size_t at = 0;
    std::string bytes;
    bool is_size = false; ///< `at` is the new size.
  };
  struct node {
    std::string now;  ///< What a reader sees.
    std::string safe; ///< What was synced.
    std::vector<change> pending;
    bool is_safe = false; ///< Its name is on the disk.
    /// Its first sync syncs the folder too, as SQLite does for its logs.
    bool syncs_folder = false;
  };
  using node_ptr = std::shared_ptr<node>;

  /// `name` null: a file without one.
  node_ptr open(const char* name, int flags);
  [[nodiscard]] bool exists(const std::string& name) const;
  int write(node& to, std::size_t at, std::string bytes);
  int resize(node& to, std::size_t size);
  int sync(node& it);
  int remove(const std::string& name, bool is_synced);
  [[nodiscard]] bool is_off() const { return is_off_; }
  dice& random() { return random_; }

private:
  /// SQLite's code for the step that is about to be taken.
  int step(bool is_sync = false);
  int fail_write(node& to, const change& it, int code);
  void sync_folder();
  static void apply(std::string& to, const change& it);
  std::string after_cut(const node& it);

  dice random_;
  const std::string name_;
  sqlite3_vfs vfs_;
  std::map<std::string, node_ptr> files_;
  std::map<std::string, node_ptr> removed_; ///< May come back.
  std::uint64_t left_ = 0;                  ///< Steps up to the fault.
  std::uint64_t full_steps_ = 0;            ///< That still find no room.
  disk_fault fault_ = disk_fault::cut;
  bool is_at_sync_ = false;
  bool has_failed_ = false;
  bool is_off_ = false;
};

/// What SQLite calls for each of its files; not registered yet.
[[nodiscard]] sqlite3_vfs make_power_vfs(power_disk& disk);

} // namespace troupe::testing
