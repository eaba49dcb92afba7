#include "ledger/quota_forms.hpp"

#include <algorithm>

namespace troupe::cluster {

namespace {

/// More than anybody uses; sums of it do not pass 64 bits.
constexpr std::uint64_t tokens_max = 1'000'000'000'000'000;

} // namespace

slice_sums operator+(const slice_sums& a, const slice_sums& b) noexcept {
  return {a.amount + b.amount,
          std::min(tokens_max, std::min(a.tokens, tokens_max)
                                   + std::min(b.tokens, tokens_max))};
}

slice_sums operator-(const slice_sums& a, const slice_sums& b) noexcept {
  return {a.amount - b.amount, a.tokens - std::min(a.tokens, b.tokens)};
}

slice_sums least_of(const slice_sums& a, const slice_sums& b) noexcept {
  return {std::min(a.amount, b.amount), std::min(a.tokens, b.tokens)};
}

slice_sums most_of(const slice_sums& a, const slice_sums& b) noexcept {
  return {std::max(a.amount, b.amount), std::max(a.tokens, b.tokens)};
}

slice_sums times(const slice_sums& it, std::uint32_t n) noexcept {
  return {scaled_up(it.amount, n, 1),
          std::min(tokens_max, std::min(it.tokens, tokens_max) * n)};
}

} // namespace troupe::cluster
