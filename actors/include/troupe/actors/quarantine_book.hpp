#pragma once

#include "troupe/actors/quarantine_rules.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::actors {

/// The quarantine of a process, which all its agents go by. Costs a load of a
/// number for each task as long as nothing has crashed. Thread-safe.
class quarantine_book {
public:
  /// `secrets` are never kept, nor what looks like one.
  quarantine_book(const quarantine_limits& limits,
                  const std::vector<std::string>& secrets);

  /// As in `quarantine_rules`; to be asked before a task is worked on.
  protocol::result<void> admit(const protocol::perform_task& what);
  void went_well(const protocol::perform_task& what);
  /// `why` in a few words.
  protocol::result<void> crashed(const protocol::perform_task& what,
                                 const std::string& agent,
                                 const std::string& why, protocol::instant now);

  [[nodiscard]] std::optional<protocol::quarantined_message>
  find(const protocol::perform_task& what) const;
  [[nodiscard]] std::vector<protocol::quarantined_message> held() const;
  bool release(protocol::id digest);

private:
  std::atomic<bool> is_used_{false};
  mutable std::mutex mutex_; ///< Guards the rules.
  quarantine_rules rules_;
};

} // namespace troupe::actors
