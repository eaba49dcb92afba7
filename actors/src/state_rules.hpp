#pragma once

#include "state_followers.hpp"

#include <troupe/protocol/envelope.hpp>

#include <vector>

namespace troupe::actors {

/// Shared state: what each request does to it, and what followers are sent.
/// Time is an argument and never counts backwards; each call first lets
/// expire what is due. After each call `take_deliveries` has what is to be
/// sent. Not thread-safe.
class state_rules {
public:
  /// Revisions and versions go on behind `revision`, which an earlier store
  /// of the same name had reached; 0: there was none.
  state_rules(const state_limits& limits, update_sealer seal,
              std::uint64_t revision = 0);

  state_rules(const state_rules&) = delete;
  state_rules& operator=(const state_rules&) = delete;

  /// Errors: as `protocol::write_state`.
  protocol::result<protocol::state_written>
  write(const protocol::request<protocol::write_state>& ask,
        protocol::instant now);

  /// Errors: as the requests.
  protocol::result<protocol::state_value> read(const protocol::read_state& ask,
                                               protocol::instant now);
  protocol::result<protocol::state_listed> list(const protocol::list_state& ask,
                                                protocol::instant now);
  protocol::result<protocol::state_history>
  history(const protocol::read_state_history& ask, protocol::instant now);

  /// Returns the slot; see `state_followers`.
  protocol::result<std::size_t> subscribe(const protocol::subscribe_state& ask,
                                          protocol::id name,
                                          std::uint64_t owner,
                                          protocol::instant now);
  state_followers& followers() noexcept { return followers_; }

  /// Commits the end of all keys whose time is up.
  void expire(protocol::instant now);
  /// When the next key expires; epoch: never.
  [[nodiscard]] protocol::instant next_expiry() const {
    return table_.next_expiry();
  }

  [[nodiscard]] std::uint64_t revision() const noexcept { return log_.last(); }
  [[nodiscard]] state_figures figures() const;

private:
  [[nodiscard]] protocol::result<void>
  check(const protocol::write_state& body) const;
  [[nodiscard]] protocol::result<void>
  check(const protocol::state_write& it) const;
  [[nodiscard]] protocol::result<void> reached(std::uint64_t at_least) const;
  /// What the writes come to; their versions go into `answer`.
  [[nodiscard]] protocol::result<protocol::state_commit>
  plan(const protocol::request<protocol::write_state>& ask,
       protocol::state_written& answer) const;
  void commit(protocol::state_update update);

  state_limits limits_;
  update_sealer seal_;
  state_table table_;
  commit_log log_;
  state_followers followers_;
  protocol::instant now_{};
};

} // namespace troupe::actors
