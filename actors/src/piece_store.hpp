#pragma once

#include <troupe/protocol/id.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// Texts in pieces that are kept once, by content. A text is cut where its own
/// last 64 bytes say so (a gear hash as in FastCDC: Xia et al., USENIX ATC
/// 2016), so what two texts have in common is cut alike in both, wherever it
/// stands: a conversation that is sent again with one more turn costs the turn.
/// Bounds: none of its own; who adds looks at `bytes` and removes.
class piece_store {
public:
  static constexpr std::size_t piece_bytes_min = 128;
  static constexpr std::size_t piece_bytes_max = 4'096;
  /// What a piece costs besides its text.
  static constexpr std::size_t piece_overhead = 96;

  struct piece {
    std::string text;
    std::uint64_t users = 0;
  };
  /// Pieces in order; valid until removed.
  using text_in_pieces = std::vector<std::pair<const protocol::id, piece>*>;

  piece_store() = default;
  piece_store(const piece_store&) = delete;
  piece_store& operator=(const piece_store&) = delete;

  [[nodiscard]] text_in_pieces add(std::string_view text);
  void remove(const text_in_pieces& text);
  [[nodiscard]] static std::string join(const text_in_pieces& text);
  [[nodiscard]] static std::size_t size_of(const text_in_pieces& text);

  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t size() const noexcept { return pieces_.size(); }

private:
  std::pair<const protocol::id, piece>* add_piece(std::string_view text);

  std::unordered_map<protocol::id, piece> pieces_; ///< By fingerprint.
  std::size_t bytes_ = 0;
};

/// How many bytes of `text`, which is not empty, its first piece has.
[[nodiscard]] std::size_t first_piece(std::string_view text) noexcept;

} // namespace troupe::actors
