#pragma once

#include <troupe/protocol/result.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>

namespace troupe::actors {

/// The latest life of each agent of a process: what earlier ones send late is
/// refused by it. Beyond `names_max` the one that has begun longest ago is
/// forgotten. Thread-safe.
class incarnation_book {
public:
  explicit incarnation_book(std::size_t names_max = 2'000'000)
      : names_max_(names_max) {}

  /// A life has begun. Errors: `outdated_incarnation`, when a later one has.
  protocol::result<void> begin(const std::string& name,
                               std::uint64_t incarnation);

  /// Errors: `outdated_incarnation`, when a later life than that has begun.
  [[nodiscard]] protocol::result<void> check(const std::string& name,
                                             std::uint64_t incarnation) const;

private:
  const std::size_t names_max_;
  mutable std::mutex mutex_; ///< Guards what follows.
  std::unordered_map<std::string, std::uint64_t> latest_;
  std::multimap<std::uint64_t, std::string> by_age_;
};

} // namespace troupe::actors
