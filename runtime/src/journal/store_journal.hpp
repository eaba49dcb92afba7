#pragma once

#include "journal/journal_forms.hpp"
#include "journal/run_leases.hpp"

#include <troupe/actors/durable_store.hpp>
#include <troupe/actors/journal_log.hpp>

#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace troupe {

/// A journal in a durable store: a stream a run, a chain of hashes through it
/// and through the list of runs, long texts once. Several may share a store
/// when they have `leases`: each writes the runs alone that it has taken.
class store_journal final : public actors::journal_log {
public:
  using clock = std::function<protocol::instant()>;

  /// `seed`: of the ids of its commits, which must not be those of an earlier
  /// process, whatever the clock said then.
  store_journal(std::unique_ptr<actors::durable_store> store, clock now,
                std::uint64_t seed = 0,
                std::shared_ptr<run_leases> leases = nullptr)
      : store_(std::move(store)), now_(std::move(now)), ids_(seed),
        leases_(std::move(leases)) {}

  [[nodiscard]] const auto& leases() const noexcept { return leases_; }
  [[nodiscard]] actors::group_kept
  keep(std::span<const actors::run_entries> batches,
       std::span<const actors::keep_call> calls) override;
  [[nodiscard]] protocol::result<std::vector<protocol::journal_entry>>
  read(protocol::id run) override;
  [[nodiscard]] protocol::result<std::vector<actors::kept_run>>
  runs(std::size_t count_max) override;
  [[nodiscard]] protocol::result<actors::effect_begun>
  begin(const actors::begin_effect& what) override;
  [[nodiscard]] protocol::result<void>
  end(const actors::end_effect& what) override;
  [[nodiscard]] protocol::result<std::vector<actors::kept_call>>
  calls_before(const actors::read_calls& what) override;
  [[nodiscard]] protocol::result<std::vector<actors::task_time>>
  times(const std::string& mission) override;
  [[nodiscard]] protocol::result<void>
  keep_times(const std::string& mission,
             const std::vector<actors::task_time>& times) override;
  [[nodiscard]] protocol::result<void>
  keep_health(const protocol::health_step& what) override;
  /// The runs that have not ended and that nobody works on, newest first; all
  /// that have not ended when nobody else has the store. Reads no others.
  [[nodiscard]] protocol::result<std::vector<actors::kept_run>> orphans();
  /// The last of what was done for sick agents, oldest first; all are checked.
  /// Errors: `journal_damaged`, `journal_failed`.
  [[nodiscard]] protocol::result<std::vector<protocol::health_step>>
  health(std::size_t count_max);
  /// The calls of models of a run, task by task; of tools, by key.
  [[nodiscard]] protocol::result<std::vector<actors::kept_call>>
  calls(protocol::id run);
  [[nodiscard]] protocol::result<std::map<std::string, kept_effect>>
  effects(protocol::id run);

  /// Takes in a run from elsewhere. Errors: `journal_damaged` for one that is
  /// there already, or whose entries do not follow each other;
  /// `journal_failed`.
  [[nodiscard]] protocol::result<void> add(const whole_run& it);

  /// Errors: `journal_damaged` for calls of tools that are not as written.
  [[nodiscard]] protocol::result<void> verify_effects(protocol::id run);

  /// The runs that may go by that rule, newest first.
  [[nodiscard]] protocol::result<std::vector<actors::kept_run>>
  forgettable(const forget_rule& rule);

  /// Forgets runs, and what they alone have; the list of runs says so, and who
  /// has had it done. Reads all that stays. Errors: `unknown_run`;
  /// `invalid_request` for a run that has not ended; `journal_failed`. Those
  /// before it are forgotten then.
  [[nodiscard]] protocol::result<forgotten_parts>
  forget_runs(const std::vector<protocol::id>& which, const std::string& by);

  /// Reads all of it. `head`: what an earlier check has found, which must be
  /// among the heads that the list of runs has had; empty: none.
  /// Errors: `journal_failed` when it cannot be read.
  [[nodiscard]] protocol::result<journal_findings>
  verify(const std::string& head = {});

private:
  template <class T>
  using result = protocol::result<T>;
  using made_txn = result<actors::store_txn>;
  result<void> verify_calls(protocol::id run, std::uint64_t& count);
  result<run_head> head_of(protocol::id run);
  result<void> add_taken(const whole_run& it);
  result<run_head> kept_head(protocol::id run);
  result<actors::stored_value> sweep_mark();
  result<std::optional<kept_effect>> effect(protocol::id run,
                                            const std::string& key);
  result<void> keep(protocol::id run, const std::string& key,
                    const kept_effect& it);
  result<void> read_on(protocol::id run,
                       std::vector<protocol::journal_entry>& all,
                       std::string& before);
  void verify_run(protocol::id run, const run_mark* mark, journal_findings& to);
  result<chain_head> list_head();
  made_txn txn_of(const actors::run_entries& batch);
  made_txn txn_of(protocol::id run,
                  const std::vector<const actors::kept_call*>& calls);
  result<void> add_blobs(const blobs& apart, actors::store_txn& to);
  result<void> add_puts(actors::store_txn puts, actors::store_txn& to);
  result<interruption> interruptions(protocol::id run, const std::string& task);
  result<void> add_interruptions(const actors::run_entries& batch,
                                 actors::store_txn& to);
  result<void> add_told_effects(const actors::run_entries& batch,
                                actors::store_txn& to);
  struct group; // what goes to the disk at one time
  void add_calls(std::span<const actors::keep_call> calls,
                 const std::vector<bool>& waits, group& to);
  void commit_all(group& all);
  result<actors::kept_call> read_call(const std::string& text);
  result<std::vector<actors::kept_call>> calls_behind(const std::string& in,
                                                      std::string after);
  result<void> mark(const run_head& head, bool begins, bool closes,
                    actors::store_txn& to);
  actors::commit_result commit(const actors::store_txn& it);
  struct run_list;
  result<run_list> read_list(journal_findings& to);
  result<void> index_open_runs();
  result<std::optional<actors::kept_run>> orphan_at(const std::string& key);
  result<std::string> blob(const std::string& hash);
  void forget();
  struct sweep;
  made_txn drop_of(protocol::id run, const std::string& by);
  result<void> own(protocol::id run, actors::store_txn& to,
                   bool begins = false);
  bool is_conflict(const actors::store_txn& it,
                   const actors::commit_result& said);
  result<void> commit_made(const std::function<made_txn()>& make);
  std::unique_ptr<actors::durable_store> store_;
  clock now_;
  protocol::id_source ids_;
  std::unordered_map<protocol::id, run_head> heads_; ///< Of open runs.
  std::optional<chain_head> list_;
  std::unordered_set<std::string> known_blobs_; ///< That are kept; some.
  std::optional<actors::stored_value> sweep_;   ///< What texts are kept under.
  std::shared_ptr<run_leases> leases_;
};

} // namespace troupe
