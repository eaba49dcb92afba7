#pragma once

#include <troupe/actors/exchange_book.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

/// Recordings of models' exchanges in files: a head, then a line for each.
namespace troupe {

inline constexpr std::uint64_t recording_bytes_max = 512U << 20U;
inline constexpr std::size_t recorded_exchanges_max = 100'000;

/// A recording that is being written: what has been told is in the file, whole
/// lines only, also when the process ends or the disk is full. For its owner's
/// eyes only (mode 0600). Thread safety: any thread.
class exchange_file final : public actors::exchange_log {
public:
  /// Makes the file. Errors: `file_unreadable` when it cannot be made, is no
  /// plain file, holds anything already (nothing is ever overwritten), or is
  /// written by another process.
  [[nodiscard]] static protocol::result<std::shared_ptr<exchange_file>>
  open(const std::string& path);

  ~exchange_file() override;

  std::uint64_t next_number() override;

  /// Errors: `limit_exceeded` for a line above 16 MiB or a recording above
  /// 512 MiB or 100,000 exchanges, `file_unreadable` when the disk refuses.
  /// The first one is told; from then on nothing is written.
  protocol::result<void>
  append(const protocol::model_exchange& exchange) override;

  /// `recorded` and `failure`.
  [[nodiscard]] protocol::exchange_counts counts() const;

private:
  exchange_file(std::string path, int descriptor);

  protocol::result<void> start();
  protocol::result<void> write_line(const std::string& line);
  [[nodiscard]] protocol::error problem(const std::string& why) const;

  const std::string path_;
  const int file_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::uint64_t bytes_ = 0;  ///< In whole lines.
  std::uint64_t begun_ = 0;
  std::uint64_t recorded_ = 0;
  std::optional<protocol::error> failure_;
};

/// What a recording holds.
struct recorded_exchanges {
  std::vector<protocol::model_exchange> exchanges;
  /// The recorder was ended while it wrote the last line, which is left out.
  bool is_cut = false;
};

/// Reads a recording. Errors, with the number of the line: `file_unreadable`
/// (missing, no plain file, above 512 MiB), `malformed_message` (a line that is
/// no exchange; another version; a last line without its end, unless lenient),
/// `limit_exceeded` (a line above 16 MiB, more than 100,000 exchanges).
/// Blocking: as long as the disk takes.
[[nodiscard]] protocol::result<recorded_exchanges>
read_exchanges(const std::string& path, protocol::replay_mode mode);

} // namespace troupe
