#pragma once

#include "journal/entry_record.hpp"

#include <troupe/actors/durable_store.hpp>
#include <troupe/actors/journal_log.hpp>

#include <memory>
#include <unordered_map>
#include <unordered_set>

namespace troupe {

/// How far a chain of records has come.
struct chain_head {
  std::uint64_t records = 0;
  std::string hash = no_hash;

  bool operator==(const chain_head&) const = default;
};
BOOST_DESCRIBE_STRUCT(chain_head, (), (records, hash))

/// What a journal knows of a run without reading it.
struct run_head {
  actors::kept_run run;
  chain_head chain;

  bool operator==(const run_head&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_head, (), (run, chain))

/// A beginning or an end, in the journal's list of runs: it shows when a whole
/// run is missing.
struct run_mark {
  protocol::id run;
  chain_head chain;
  bool is_closed = false;

  bool operator==(const run_mark&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_mark, (), (run, chain, is_closed))

/// A call of a tool, as it stands.
struct kept_effect {
  std::string step;
  std::string tool;
  protocol::instant begun;                      ///< The last time.
  std::uint32_t times = 1;                      ///< That it was begun.
  std::optional<protocol::tool_result> outcome; ///< Null: nobody knows.

  bool operator==(const kept_effect&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_effect, (), (step, tool, begun, times, outcome))

/// What `store_journal::verify` has found.
struct journal_findings {
  std::uint64_t runs = 0;
  std::uint64_t entries = 0;
  std::string head; ///< Of the list of runs: to be kept elsewhere.
  std::vector<std::string> problems; ///< At most 100.
};

/// A journal in a durable store: a stream a run, a chain of hashes through it
/// and through the list of runs, long texts once.
class store_journal final : public actors::journal_log {
public:
  using clock = std::function<protocol::instant()>;

  store_journal(std::unique_ptr<actors::durable_store> store, clock now)
      : store_(std::move(store)), now_(std::move(now)) {}

  [[nodiscard]] std::vector<protocol::result<void>>
  append(std::span<const actors::run_entries> batches) override;
  [[nodiscard]] protocol::result<std::vector<protocol::journal_entry>>
  read(protocol::id run) override;
  [[nodiscard]] protocol::result<std::vector<actors::kept_run>>
  runs(std::size_t count_max) override;

  [[nodiscard]] protocol::result<actors::effect_begun>
  begin(const actors::begin_effect& what) override;
  [[nodiscard]] protocol::result<void>
  end(const actors::end_effect& what) override;

  /// The calls of tools of a run.
  [[nodiscard]] protocol::result<std::vector<kept_effect>>
  effects(protocol::id run);

  /// Errors: `journal_damaged` for calls of tools that are not as written.
  [[nodiscard]] protocol::result<void> verify_effects(protocol::id run);

  /// Reads all of it. `head`: what an earlier check has found, which must be
  /// among the heads that the list of runs has had; empty: none.
  /// Errors: `journal_failed` when it cannot be read.
  [[nodiscard]] protocol::result<journal_findings>
  verify(const std::string& head = {});

private:
  [[nodiscard]] protocol::result<run_head> head_of(protocol::id run);
  static constexpr std::size_t effects_page = 256;

  /// The end of a chain that a key tells; where there is none, its beginning.
  [[nodiscard]] protocol::result<chain_head> chain_at(const std::string& name);
  /// Adds records to the stream of that name, and tells its end under that key.
  static void extend_chain(const std::string& name, protocol::id run,
                           const std::vector<std::string>& texts,
                           chain_head& chain, actors::store_txn& to);
  [[nodiscard]] protocol::result<std::optional<kept_effect>>
  effect(protocol::id run, const std::string& key);
  [[nodiscard]] protocol::result<void>
  keep(protocol::id run, const std::string& key, const kept_effect& it);
  [[nodiscard]] protocol::result<chain_head> list_head();
  [[nodiscard]] protocol::result<actors::store_txn>
  txn_of(const actors::run_entries& batch);
  [[nodiscard]] protocol::result<void> add_blobs(const blobs& apart,
                                                 actors::store_txn& to);
  [[nodiscard]] protocol::result<void> mark(const run_head& head, bool begins,
                                            bool closes, actors::store_txn& to);
  [[nodiscard]] actors::commit_result commit(const actors::store_txn& txn);
  struct run_list;
  [[nodiscard]] protocol::result<run_list> read_list(journal_findings& to);
  [[nodiscard]] protocol::result<std::string> blob(const std::string& hash);
  void forget();

  std::unique_ptr<actors::durable_store> store_;
  clock now_;
  protocol::id_source ids_{0};
  std::unordered_map<protocol::id, run_head> heads_; ///< Of open runs.
  std::optional<chain_head> list_;
  std::unordered_set<std::string> known_blobs_; ///< That are kept; some.
};

} // namespace troupe
