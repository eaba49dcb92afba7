#pragma once

#include <troupe/protocol/budget.hpp>
#include <troupe/protocol/result.hpp>

#include <string>
#include <vector>

/// What is said to a node's slices of the shared ledger, and by them.
namespace troupe::cluster {

/// Accounts of the shared ledger that pay a call together.
struct shared_accounts {
  std::string account;           ///< And those above it; not empty.
  std::vector<std::string> tags; ///< In order.
  /// Calls are counted, or timed: each has a slice of its own.
  bool is_one_by_one = false;

  auto operator<=>(const shared_accounts&) const = default;
};

/// An amount and tokens. Sums saturate; differences end at 0 tokens.
struct slice_sums {
  protocol::money amount;
  std::uint64_t tokens = 0;

  [[nodiscard]] bool covers(const slice_sums& other) const noexcept {
    return amount >= other.amount && tokens >= other.tokens;
  }
  bool operator==(const slice_sums&) const = default;
};
[[nodiscard]] slice_sums operator+(const slice_sums& a,
                                   const slice_sums& b) noexcept;
[[nodiscard]] slice_sums operator-(const slice_sums& a,
                                   const slice_sums& b) noexcept;
[[nodiscard]] slice_sums least_of(const slice_sums& a,
                                  const slice_sums& b) noexcept;
[[nodiscard]] slice_sums most_of(const slice_sums& a,
                                 const slice_sums& b) noexcept;
[[nodiscard]] slice_sums times(const slice_sums& it, std::uint32_t n) noexcept;

/// What a call may cost.
struct call_need {
  slice_sums most;  ///< The worst case.
  slice_sums least; ///< Less is of no use; never above `most`.
  /// After this nobody is expected to settle it: it counts as `most`. 0: the
  /// usual.
  protocol::duration lease{};
  protocol::instant deadline{}; ///< Of waiting for money; epoch: the usual.
};

/// To be asked of the shared ledger, under the slice's id, so that it is one
/// slice however often it is asked for.
struct slice_ask {
  protocol::id slice;
  shared_accounts from;
  slice_sums most;
  slice_sums least;
  protocol::duration lease{};
};

/// To be looked at there: whether those accounts could bear so much if all that
/// others hold came back.
struct slice_look {
  shared_accounts at;
  slice_sums least;
};

/// What has become of a call.
struct call_paid {
  std::uint64_t call = 0;
  protocol::result<slice_sums> outcome;
  protocol::instant until{}; ///< When the time of an account is up.
};

/// What follows from what was said.
struct quota_steps {
  std::vector<slice_ask> asks;
  std::vector<protocol::settle_budget> ends; ///< Of slices.
  std::vector<slice_look> looks;
  std::vector<call_paid> paid;
};

struct quota_limits {
  /// Of a slice. What a node holds when it dies counts as spent after that.
  protocol::duration lease = std::chrono::seconds{60};
  /// So long before its lease ends a slice pays no new call.
  protocol::duration margin = std::chrono::seconds{5};
  /// A slice that was not used for so long is given back.
  protocol::duration idle = std::chrono::seconds{3};
  /// Until what was not answered, or refused, is asked again.
  protocol::duration pause = std::chrono::milliseconds{500};
  /// What a call waits for money, at most.
  protocol::duration patience = std::chrono::seconds{10};
  protocol::duration call_lease = std::chrono::minutes{10};
  /// When what may have been granted unseen is given back: all that was asked
  /// has arrived by then or never will.
  protocol::duration stray = std::chrono::seconds{30};
  std::uint32_t calls_first = 8;   ///< That the first slice is for.
  std::uint32_t calls_max = 1'024; ///< That one is for.
  std::uint32_t share = 8;         ///< A slice is no more of what is left.
  std::size_t waiting_max = 100'000;
  std::size_t slices_max = 10'000;
  std::size_t pools_max = 10'000; ///< Of accounts that pay together.
};

} // namespace troupe::cluster
