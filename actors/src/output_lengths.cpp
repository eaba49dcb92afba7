#include "output_lengths.hpp"

#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>

namespace troupe::actors {

namespace {

constexpr std::uint64_t shortest_cap = 64;

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
  at->second.add(tokens);
}

std::optional<std::uint32_t> output_lengths::cap(protocol::id kind) const {
  const auto found = kinds_.find(kind);
  if (found == kinds_.end() || found->second.count() < needed)
    return std::nullopt;
  const auto cap = found->second.quantile(covered_permille);
  return static_cast<std::uint32_t>(std::max(cap, shortest_cap));
}

} // namespace troupe::actors
