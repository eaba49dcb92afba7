#pragma once

#include "state_followers.hpp"
#include "state_reads.hpp"
#include "troupe/actors/state_keeper.hpp"

#include <troupe/protocol/envelope.hpp>

#include <vector>

namespace troupe::actors {

/// Errors: `invalid_request`. The empty key is a good prefix, but no good key.
[[nodiscard]] protocol::result<void> check_state_key(std::string_view key,
                                                     bool is_prefix = false);

/// Shared state: what each request does to it, and what followers are sent.
/// Time is an argument and never counts backwards; each call first lets
/// expire what is due. After each call `followers().take_deliveries` and
/// `reads().take_answers` have what is to be sent.
///
/// Writes and reads of one key are done at once. Listings, histories and what
/// followers lack may cost `turn_bytes` in each turn; what is left over waits
/// for the next. It is to be taken when all messages are handled that were
/// there at the last. Not thread-safe.
class state_rules {
public:
  /// Revisions and versions go on behind `revision`, which an earlier store
  /// of the same name had reached; 0: there was none.
  state_rules(const state_limits& limits, update_sealer seal,
              std::uint64_t revision = 0);

  /// Goes on where another store has ended, instead of from nothing. Before all
  /// else.
  void restore(kept_state from);

  /// It shows what another store decides: nothing expires by itself, and
  /// `write` is not for it.
  void become_replica() noexcept { is_replica_ = true; }
  /// What that store has committed next. Errors: `invalid_request` for another
  /// revision than the next.
  protocol::result<void> take(protocol::state_update update,
                              protocol::instant now);
  /// What that store has at a later revision; followers are told a gap.
  void take(std::uint64_t revision, std::vector<protocol::state_entry> entries,
            protocol::instant now);

  /// Told of each commit, before anybody else.
  void on_commit(std::function<void(const shared_update&)> note) {
    note_ = std::move(note);
  }

  state_rules(const state_rules&) = delete;
  state_rules& operator=(const state_rules&) = delete;

  /// `asker` as in `state_reader`. Errors: as `protocol::write_state`.
  protocol::result<protocol::state_written>
  write(const protocol::request<protocol::write_state>& ask,
        protocol::instant now, std::uint64_t asker = 0);

  /// Errors: as the request.
  protocol::result<protocol::state_value> read(const protocol::read_state& ask,
                                               protocol::instant now);

  /// Begins to read the state as it is now. The answer comes at once or after
  /// some turns. Errors: as the requests; there is no answer then.
  protocol::result<void> begin(const state_reader& who, state_question what,
                               protocol::instant now);
  state_reads& reads() noexcept { return reads_; }

  /// Returns the slot; see `state_followers`.
  protocol::result<std::size_t> subscribe(const protocol::subscribe_state& ask,
                                          protocol::id name,
                                          std::uint64_t owner,
                                          protocol::instant now);
  void grant(const protocol::grant_credit& more, protocol::instant now);
  state_followers& followers() noexcept { return followers_; }

  void take_turn(protocol::instant now);
  /// True when something waits for a turn, or the last has cost something.
  [[nodiscard]] bool needs_turn() const noexcept;

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
  [[nodiscard]] protocol::result<void>
  check(const protocol::list_state& ask) const;
  [[nodiscard]] static protocol::result<void>
  check(const protocol::read_state_history& ask);
  /// What the writes come to; their versions go into `answer`.
  [[nodiscard]] protocol::result<protocol::state_commit>
  plan(const protocol::request<protocol::write_state>& ask,
       protocol::state_written& answer) const;
  void commit(protocol::state_update update);
  void put_back(std::uint64_t revision,
                std::vector<protocol::state_entry> entries);
  void count_call(protocol::instant now);
  void work();
  [[nodiscard]] bool has_work() const noexcept;
  void step();

  state_limits limits_;
  update_sealer seal_;
  std::function<void(const shared_update&)> note_;
  bool is_replica_ = false;
  state_table table_;
  commit_log log_;
  state_followers followers_;
  state_reads reads_;
  work_allowance turn_;
  std::size_t calls_ = 0;         ///< Of this turn, that wait for nobody.
  bool is_followers_turn_ = true; ///< Rather than that of reads.
  protocol::instant now_{};
};

} // namespace troupe::actors
