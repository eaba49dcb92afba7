#include "placement_rules.hpp"

#include <tuple>

namespace troupe::cluster {

namespace {

std::uint64_t mix(std::uint64_t hash, std::string_view text) noexcept {
  for (const char it : text) { // FNV-1a
    hash ^= static_cast<unsigned char>(it);
    hash *= 0x100000001B3ULL;
  }
  hash ^= hash >> 33U;
  hash *= 0xFF51AFD7ED558CCDULL; // the finisher of MurmurHash3
  return hash ^ (hash >> 33U);
}

/// Of all that it does well, in permille, once it has one task more.
std::uint64_t load_with_one_more(const place_load& it) noexcept {
  const std::uint64_t capacity = it.capacity == 0 ? 1 : it.capacity;
  return (it.busy + 1ULL) * 1'000 / capacity;
}

} // namespace

std::uint64_t affinity_of(std::string_view key,
                          std::string_view node) noexcept {
  return mix(mix(0xCBF29CE484222325ULL, key), node);
}

std::optional<placement> placement_of(std::string_view name) noexcept {
  if (name == "balanced")
    return placement::balanced;
  if (name == "local_first")
    return placement::local_first;
  if (name == "sticky")
    return placement::sticky;
  return {};
}

std::optional<std::size_t> choose_place(std::span<const place_load> all,
                                        placement how) {
  std::optional<std::size_t> best;
  const auto rank = [&](const place_load& it) {
    const auto load = load_with_one_more(it);
    // Within a task of one another they are equals.
    const auto equals =
        how == placement::sticky ? it.busy / (it.capacity / 4 + 1) : load;
    const bool is_first =
        how == placement::local_first && it.is_here && load <= 1'000;
    const auto key = how == placement::sticky ? ~it.affinity : 0;
    return std::tuple{!is_first, equals, key, !it.is_here, ~it.affinity};
  };
  for (std::size_t i = 0; i < all.size(); ++i)
    if (all[i].is_usable && (!best || rank(all[i]) < rank(all[*best])))
      best = i;
  return best;
}

} // namespace troupe::cluster
