#include "output_lengths.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>
#include <bit>

namespace troupe::actors {

namespace {

constexpr std::uint32_t fade_at = 1'024;
constexpr std::uint64_t shortest_cap = 64;

/// Quarters of octaves: 4, 5, 6, 7, 8, 10, 12, 14, 16, ...
std::size_t step_of(std::uint64_t tokens, std::size_t steps) {
  const auto at_least = std::max<std::uint64_t>(tokens, 4);
  const auto octave = static_cast<std::size_t>(std::bit_width(at_least)) - 1;
  const auto quarter = (at_least >> (octave - 2)) & 3U;
  return std::min((octave - 2) * 4 + quarter, steps - 1);
}

/// The most that a step holds.
std::uint64_t end_of_step(std::size_t step) {
  const auto octave = step / 4 + 2;
  const auto quarter = static_cast<std::uint64_t>(step % 4);
  return ((5 + quarter) << (octave - 2)) - 1;
}

} // namespace

protocol::id kind_of(std::size_t model, const protocol::model_call& call) {
  protocol::fingerprint_builder builder;
  builder.add(std::uint64_t{model});
  builder.add(std::string_view{call.system});
  builder.add(std::uint64_t{call.tools.size()});
  builder.add(std::uint64_t{call.output_tokens_max});
  return builder.finish();
}

void output_lengths::add(protocol::id kind, std::uint64_t tokens) {
  const auto [at, is_new] = kinds_.try_emplace(kind);
  if (is_new) {
    order_.push_back(kind);
    if (order_.size() > kinds_max) {
      kinds_.erase(order_.front());
      order_.pop_front();
    }
  }
  auto& it = at->second;
  ++it.at[step_of(tokens, steps)];
  if (++it.all < fade_at)
    return;
  it.all = 0;
  for (auto& count : it.at) {
    count /= 2;
    it.all += count;
  }
}

std::optional<std::uint32_t> output_lengths::cap(protocol::id kind) const {
  const auto found = kinds_.find(kind);
  if (found == kinds_.end() || found->second.all < needed)
    return std::nullopt;
  const auto& it = found->second;
  std::uint64_t sum = 0;
  for (std::size_t step = 0; step < steps; ++step) {
    sum += it.at[step];
    if (sum * 1'000 >= std::uint64_t{it.all} * covered_permille)
      return static_cast<std::uint32_t>(
          std::max(end_of_step(step), shortest_cap));
  }
  return std::nullopt;
}

} // namespace troupe::actors
