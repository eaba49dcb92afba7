#pragma once

#include "ledger/quota_forms.hpp"

#include <troupe/protocol/account.hpp>

#include <map>
#include <optional>

namespace troupe::cluster {

/// Which accounts all nodes share, and whether the shared ledger has them as
/// this node was told to. Not thread-safe.
class shared_book {
public:
  enum class phase : std::uint8_t { unknown, asked, agreed };
  struct entry {
    protocol::open_account what;
    bool is_open_here = false; ///< In the node's own ledger, without a limit.
    phase now = phase::unknown;
  };

  explicit shared_book(std::vector<protocol::open_account> all);

  /// Null: it is not shared.
  [[nodiscard]] entry* find(const std::string& path);
  /// Those that pay a call of an account and tags; null: none does.
  [[nodiscard]] std::optional<shared_accounts>
  of(const std::string& account, const std::vector<std::string>& tags) const;
  /// All shared accounts that these are, or that are above them.
  [[nodiscard]] std::vector<std::string>
  paths_of(const shared_accounts& which) const;
  [[nodiscard]] bool are_agreed(const shared_accounts& which) const;
  [[nodiscard]] std::vector<std::string> unknown() const;

private:
  [[nodiscard]] std::string lowest(const std::string& path) const;

  std::map<std::string, entry> all_; // bounded by the configuration
};

/// Whether an account has the limits that it is to be opened with.
[[nodiscard]] bool has_limits_of(const protocol::account_state& it,
                                 const protocol::open_account& what);

/// Whether it could bear so much if nothing were reserved.
[[nodiscard]] bool could_bear(const protocol::account_state& it,
                              const slice_sums& what);

} // namespace troupe::cluster
