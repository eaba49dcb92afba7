#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace troupe::cluster {

/// What is to be written to a connection, by its thread. Thread safety: any
/// thread.
class outbox {
public:
  explicit outbox(std::size_t bytes_max) : bytes_max_(bytes_max) {}

  /// True: somebody has to begin to write.
  [[nodiscard]] bool add(std::string bytes) {
    const std::lock_guard lock{mutex_};
    if (unsent_.size() + bytes.size() > bytes_max_)
      is_choked_ = true;
    else if (unsent_.empty())
      unsent_ = std::move(bytes);
    else
      unsent_ += bytes;
    return !std::exchange(is_written_, true);
  }

  /// Puts all of it in the place of what `written` was; with nothing, writing
  /// is over until the next `add`.
  void take(std::string& written) {
    const std::lock_guard lock{mutex_};
    written.clear();
    std::swap(written, unsent_);
    if (written.empty())
      is_written_ = false;
  }

  /// There was more than its bound.
  [[nodiscard]] bool is_choked() const { return is_choked_; }

private:
  std::size_t bytes_max_;
  std::mutex mutex_;
  std::string unsent_; // bounded by bytes_max_
  bool is_written_ = false;
  std::atomic<bool> is_choked_{false};
};

} // namespace troupe::cluster
