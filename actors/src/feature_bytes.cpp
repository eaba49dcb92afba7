#include "feature_bytes.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace troupe::actors {

namespace {

constexpr std::size_t size_bytes = 4;
constexpr std::size_t head_bytes = size_bytes * prompt_features::measures;
constexpr std::size_t word_bytes = 3;
constexpr double count_max = 255;
constexpr float size_max = 64; ///< No text has e^64 words.

void put(std::string& to, std::uint32_t number, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i)
    to += static_cast<char>(number >> (8 * i) & 0xFFU);
}

std::uint32_t number_at(std::string_view from, std::size_t at,
                        std::size_t bytes) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    number |= std::uint32_t{static_cast<unsigned char>(from[at + i])}
              << (8 * i);
  return number;
}

} // namespace

std::string bytes_of(const prompt_features& prompt) {
  std::string out;
  out.reserve(head_bytes + word_bytes * prompt.words.size());
  for (const auto size : prompt.sizes)
    put(out, std::bit_cast<std::uint32_t>(static_cast<float>(size)),
        size_bytes);
  for (const auto& it : prompt.words) {
    const auto count = std::round(std::exp(double{it.weight} - 1));
    put(out, it.bucket, 2);
    put(out, static_cast<std::uint32_t>(std::clamp(count, 1.0, count_max)), 1);
  }
  return out;
}

std::optional<prompt_features> features_from(std::string_view bytes,
                                             std::size_t type) {
  if (bytes.size() < head_bytes || (bytes.size() - head_bytes) % word_bytes != 0
      || (bytes.size() - head_bytes) / word_bytes > prompt_features::words_max)
    return std::nullopt;
  prompt_features out;
  out.type = type;
  for (std::size_t i = 0; i < prompt_features::measures; ++i) {
    const auto size =
        std::bit_cast<float>(number_at(bytes, i * size_bytes, size_bytes));
    if (!(size >= 0 && size <= size_max))
      return std::nullopt;
    out.sizes.at(i) = size;
  }
  for (auto at = head_bytes; at < bytes.size(); at += word_bytes) {
    const auto bucket = number_at(bytes, at, 2);
    const auto count = number_at(bytes, at + 2, 1);
    const bool is_next = out.words.empty() || bucket > out.words.back().bucket;
    if (bucket >= prompt_features::buckets || count == 0 || !is_next)
      return std::nullopt;
    out.words.push_back({static_cast<std::uint16_t>(bucket),
                         1 + std::log(static_cast<float>(count))});
  }
  return out;
}

} // namespace troupe::actors
