#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

/// What a proxy does to one direction of a connection, as plain code: bytes and
/// times go in, bytes and times come out.
namespace troupe::test {

/// How a stream goes on after the bytes before a fault.
enum class stream_fault_kind : std::uint8_t {
  corrupt,    ///< One bit of the byte is turned; all goes on.
  stall,      ///< Nothing more comes, and nobody is told.
  half_close, ///< This direction ends as if all had been sent.
  close,      ///< Both directions end.
  reset,      ///< Both directions end, and what was on its way is lost.
};

/// One fault, at a byte, or in the middle of a TLS record.
struct stream_fault {
  stream_fault_kind kind = stream_fault_kind::close;
  std::uint64_t at_byte = 0; ///< From 0; where `in_record` is not set.
  std::optional<std::uint64_t> in_record{}; ///< From 0.
};

/// How fast a stream is. Bytes keep their order whatever happens.
struct stream_pace {
  std::chrono::microseconds delay{};
  std::chrono::microseconds jitter{}; ///< At most so much more, by chance.
  std::uint64_t bytes_per_second = 0; ///< 0: as fast as it comes.
};

/// Finds the middles of TLS records in a stream of bytes.
class record_finder {
public:
  /// Takes the next byte. The record, from 0, of which it is in the middle.
  std::optional<std::uint64_t> middle_of(char byte);

private:
  std::uint64_t record_ = 0;
  std::uint32_t at_ = 0; ///< Bytes of this record so far.
  std::uint32_t size_ = 0;
};

/// Applies faults to a stream.
class stream_cutter {
public:
  explicit stream_cutter(std::vector<stream_fault> faults)
      : faults_{std::move(faults)} {}

  struct outcome {
    std::string bytes; ///< To be sent.
    /// What comes then; nothing: it goes on.
    std::optional<stream_fault_kind> fault;
  };

  /// The next bytes of the stream. After a fault that ends it, none come out.
  [[nodiscard]] outcome take(std::string_view bytes);

private:
  [[nodiscard]] std::optional<stream_fault_kind>
  fault_at(std::optional<std::uint64_t> middle) const;

  std::vector<stream_fault> faults_;
  record_finder records_;
  std::uint64_t at_ = 0;
  bool has_ended_ = false;
};

/// Says when bytes are due.
class stream_clock {
public:
  using instant = std::chrono::steady_clock::time_point;

  stream_clock(stream_pace pace, std::uint64_t seed)
      : pace_{pace}, chance_{seed} {}

  /// When a piece that has come now may go on: never before the one before it.
  [[nodiscard]] instant due(instant now, std::size_t bytes);

  /// Into pieces of this size a stream is cut, so that it flows evenly.
  [[nodiscard]] std::size_t piece_bytes() const noexcept;

private:
  stream_pace pace_;
  std::mt19937_64 chance_;
  instant last_{};
};

} // namespace troupe::test
