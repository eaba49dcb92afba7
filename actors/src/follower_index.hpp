#pragma once

#include "state_filter.hpp"

#include <troupe/protocol/id.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// One follower's subscription: a place in the commit log, and credit. Nothing
/// is kept for it beyond this.
struct state_subscription {
  /// A snapshot that is being sent.
  struct snapshot {
    std::uint64_t revision = 0;
    std::uint32_t part = 0; ///< The next.
    std::string after{};    ///< Of the keys up to here nothing is left.
  };

  protocol::id name;
  state_filter filter;
  std::uint64_t owner = 0;
  std::size_t slot = 0;
  std::uint32_t window = 0;
  std::uint32_t credit = 0;
  std::uint64_t cursor = 0; ///< All up to here is sent; unused while live.
  std::optional<snapshot> resync;
  bool waits = false;       ///< For its turn to be sent what it lacks.
  bool is_live = false;     ///< Has all, has credit, is in the index.
  std::size_t position = 0; ///< In the index.
};

/// The live subscriptions by filter, so that a commit is matched in the time
/// of its matches. Not thread-safe.
class follower_index {
public:
  void add(state_subscription& it);
  void remove(state_subscription& it);

  /// Appends those whose filter matches `key`.
  void match(std::string_view key, std::vector<state_subscription*>& out) const;

  [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
  using by_text =
      std::unordered_map<std::string, std::vector<state_subscription*>,
                         text_hash, std::equal_to<>>;

  by_text exact_;
  by_text prefix_;
  std::map<std::size_t, std::size_t> lengths_; ///< Of prefixes: how many.
  std::size_t size_ = 0;
};

} // namespace troupe::actors
