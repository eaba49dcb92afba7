#include "piece_store.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <array>

namespace troupe::actors {

namespace {

/// One random word for each value of a byte (SplitMix64: Steele et al., 2014).
constexpr std::array<std::uint64_t, 256> make_gears() {
  std::array<std::uint64_t, 256> gears{};
  std::uint64_t state = 0;
  for (auto& gear : gears) {
    state += 0x9E3779B97F4A7C15ULL;
    auto x = state;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    gear = x ^ (x >> 31U);
  }
  return gears;
}

constexpr auto gears = make_gears();

/// A cut comes with a chance of one in 512 bytes.
constexpr unsigned cut_shift = 64 - 9;

} // namespace

std::size_t first_piece(std::string_view text) noexcept {
  const auto end = std::min(text.size(), piece_store::piece_bytes_max);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < end; ++i) {
    hash = (hash << 1U) + gears[static_cast<unsigned char>(text[i])];
    if (i + 1 >= piece_store::piece_bytes_min && hash >> cut_shift == 0)
      return i + 1;
  }
  return end;
}

piece_store::text_in_pieces piece_store::add(std::string_view text) {
  text_in_pieces pieces;
  while (!text.empty()) {
    const auto size = first_piece(text);
    pieces.push_back(add_piece(text.substr(0, size)));
    text.remove_prefix(size);
  }
  pieces.shrink_to_fit();
  return pieces;
}

std::pair<const protocol::id, piece_store::piece>*
piece_store::add_piece(std::string_view text) {
  protocol::fingerprint_builder hash;
  hash.add(text);
  auto key = hash.finish();
  // The hash is no defence against two texts that were made to collide.
  auto found = pieces_.find(key);
  while (found != pieces_.end() && found->second.text != text) {
    ++key.low;
    found = pieces_.find(key);
  }
  if (found == pieces_.end()) {
    found = pieces_.emplace(key, piece{std::string{text}, 0}).first;
    bytes_ += text.size() + piece_overhead;
  }
  ++found->second.users;
  return &*found;
}

void piece_store::remove(const text_in_pieces& text) {
  for (auto* it : text) {
    if (--it->second.users > 0)
      continue;
    bytes_ -= it->second.text.size() + piece_overhead;
    pieces_.erase(protocol::id{it->first});
  }
}

std::size_t piece_store::size_of(const text_in_pieces& text) {
  std::size_t sum = 0;
  for (const auto* it : text)
    sum += it->second.text.size();
  return sum;
}

std::string piece_store::join(const text_in_pieces& text) {
  std::string whole;
  whole.reserve(size_of(text));
  for (const auto* it : text)
    whole += it->second.text;
  return whole;
}

} // namespace troupe::actors
