#pragma once

#include "troupe/actors/supervisor.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace troupe::actors {

struct snapshot_limits {
  std::uint32_t crashes = 3; ///< With one snapshot, until it is set aside.
  std::size_t bytes_max = std::size_t{16} << 20U; ///< Of a snapshot.
};

/// What a child keeps of its state for its next life: all of it or nothing. A
/// life begins with the last snapshot, or fresh. A snapshot with which lives
/// crash again and again, and save no other, is set aside; the next life begins
/// fresh. Outlives its child and the child's supervisor. Thread-safe.
class child_snapshots {
public:
  explicit child_snapshots(const snapshot_limits& limits = {})
      : limits_(limits) {}

  /// A life begins. None: it begins fresh.
  std::optional<std::string> begin(std::uint64_t incarnation);

  /// Takes the place of the last one. Errors: `outdated_incarnation` (a later
  /// life has begun), `limit_exceeded`; the last one stays then.
  protocol::result<void> save(std::uint64_t incarnation, std::string bytes);

  /// A life has ended. Another's than the last: no effect.
  void ended(std::uint64_t incarnation, bool has_crashed);

  /// The last one that was set aside, to be looked at.
  [[nodiscard]] std::optional<std::string> set_aside() const;
  /// How the present life has begun, and what was set aside; for people.
  [[nodiscard]] std::string remark() const;

private:
  snapshot_limits limits_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::optional<std::string> last_;
  std::optional<std::string> set_aside_;
  std::uint64_t incarnation_ = 0; ///< Of the present life.
  std::uint32_t crashes_ = 0;     ///< With `last_`.
  std::uint32_t aside_count_ = 0;
  bool has_begun_with_it_ = false;
};

/// Starts a life of a child, with a snapshot or fresh.
using snapshot_start = std::function<protocol::result<caf::actor>(
    caf::actor_system& system, std::uint64_t incarnation,
    std::optional<std::string> snapshot)>;

/// The child as `spec` has it, but started by `start`; its remark tells of its
/// snapshots. It keeps them with `child_snapshots::save`.
[[nodiscard]] child_spec
with_snapshots(child_spec spec, const std::shared_ptr<child_snapshots>& kept,
               snapshot_start start);

} // namespace troupe::actors
