#pragma once

#include <troupe/protocol/envelope.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace troupe::actors {

/// A commit in the form in which it is sent: one body for all who get it.
class sealed_update {
public:
  sealed_update() = default;
  sealed_update(const sealed_update&) = delete;
  sealed_update& operator=(const sealed_update&) = delete;
  virtual ~sealed_update() = default;

  [[nodiscard]] virtual const protocol::state_update& get() const noexcept = 0;
};
using shared_update = std::shared_ptr<const sealed_update>;

/// Makes that form; adds what the sender puts into the header.
using update_sealer = std::function<shared_update(protocol::state_update)>;

/// The last commits of a state store, by revision: what followers that lag can
/// still be sent. Bounded in commits and bytes; the last one always stays.
/// Not thread-safe.
class commit_log {
public:
  /// `last` is the revision before the first commit.
  commit_log(std::size_t commits_max, std::size_t bytes_max,
             std::uint64_t last) noexcept
      : commits_max_(commits_max), bytes_max_(bytes_max), last_(last) {}

  /// `update` is the commit behind the last one.
  void push(shared_update update);

  /// Takes the oldest commit out when the log is over its bounds.
  std::optional<shared_update> pop_excess();

  /// The oldest revision kept; `last() + 1` when there is none.
  [[nodiscard]] std::uint64_t first() const noexcept {
    return last_ + 1 - entries_.size();
  }
  [[nodiscard]] std::uint64_t last() const noexcept { return last_; }

  /// `revision` is one from `first()` to `last()`.
  [[nodiscard]] const shared_update& at(std::uint64_t revision) const {
    return entries_[static_cast<std::size_t>(revision - first())].update;
  }

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

private:
  struct entry {
    shared_update update;
    std::size_t bytes = 0;
  };

  std::size_t commits_max_;
  std::size_t bytes_max_;
  std::uint64_t last_;
  std::deque<entry> entries_; // bounded by commits_max_
  std::size_t bytes_ = 0;
};

} // namespace troupe::actors
