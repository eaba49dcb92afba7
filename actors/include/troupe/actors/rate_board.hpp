#pragma once

#include <troupe/protocol/time.hpp>

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace troupe::actors {

enum class rate_kind : std::uint8_t {
  requests,
  tokens, ///< Read and written.
  input_tokens,
  output_tokens,
};
inline constexpr std::size_t rate_kinds = 4;

/// What a provider says is left of one of its limits: untrusted.
struct told_rate {
  rate_kind kind = rate_kind::requests;
  std::uint64_t limit = 0; ///< 0: it was not said.
  std::uint64_t left = 0;
  protocol::duration full_in{}; ///< Until all of it is there again.

  bool operator==(const told_rate&) const = default;
};

/// Where providers leave what they are told of their limits, for the router.
/// Keeps the last of each provider, until it is taken.
/// Thread safety: any thread.
class rate_board {
public:
  void tell(const std::string& provider, std::vector<told_rate> rates) {
    const std::lock_guard lock{mutex_};
    rates_[provider] = std::move(rates);
  }

  /// What is new since the last time.
  [[nodiscard]] std::vector<told_rate> take(const std::string& provider) {
    const std::lock_guard lock{mutex_};
    const auto found = rates_.find(provider);
    return found == rates_.end() ? std::vector<told_rate>{}
                                 : std::exchange(found->second, {});
  }

private:
  std::mutex mutex_;
  std::map<std::string, std::vector<told_rate>> rates_; ///< By provider.
};

} // namespace troupe::actors
