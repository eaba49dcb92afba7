#pragma once

#include "fact.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::testing::sim {

/// Adds up what models have billed, for each account and those above it.
class bill_watch {
public:
  void see(const fact& it);

  /// Whether no model has billed it more than there was.
  [[nodiscard]] bool is_honest(const std::string& account) const;

  /// What `accounts` lack, a sentence each (B2, B4): what a model takes was set
  /// aside before, whoever died.
  [[nodiscard]] std::vector<std::string>
  problems_in(const std::map<std::string, fact>& accounts) const;

private:
  struct bill {
    std::int64_t amount = 0;
    std::int64_t over_reported = 0;
  };

  std::map<std::string, bill> bills_; ///< By account.
};

} // namespace troupe::testing::sim
