#pragma once

#include "link_actor.hpp"

#include <deque>
#include <mutex>
#include <set>
#include <unordered_map>

namespace troupe::cluster {

/// Which node keeps the money of a run: that from which its tasks come. The
/// newest `homes_max` are known. Thread safety: any thread.
class home_book {
public:
  /// A run that this node has begun: `TENANT/RUN`, and what is below it.
  void begin_own(const std::string& account);
  void end_own(const std::string& account);

  /// A task has come from there that this account pays.
  void note(const std::string& account, const link_actor& home);

  /// Null: it is this node's.
  [[nodiscard]] link_actor find(const std::string& account) const;
  [[nodiscard]] link_actor find(const protocol::id& run) const;

  void clear();

private:
  [[nodiscard]] link_actor find_key(const std::string& run) const;

  static constexpr std::size_t homes_max = 10'000;

  mutable std::mutex mutex_;
  std::set<std::string> own_;                         // bounded by limits.runs
  std::unordered_map<std::string, link_actor> homes_; // bounded by homes_max
  std::deque<std::string> order_; // oldest first; bounded by homes_max
};

/// Whose run an account is: the id at the end of its second segment, or, where
/// there is none, the first two segments.
[[nodiscard]] std::string run_of_account(const std::string& account);

} // namespace troupe::cluster
