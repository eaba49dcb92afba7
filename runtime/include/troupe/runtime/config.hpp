#pragma once

#include "troupe/protocol/budget.hpp"
#include "troupe/protocol/exchange.hpp"
#include "troupe/protocol/field_problem.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"
#include "troupe/runtime/agent_process.hpp"
#include "troupe/runtime/answer_verifier.hpp"
#include "troupe/runtime/cache_config.hpp"
#include "troupe/runtime/health_config.hpp"
#include "troupe/runtime/limits_config.hpp"
#include "troupe/runtime/problem.hpp"
#include "troupe/runtime/provider_config.hpp"
#include "troupe/runtime/routing_config.hpp"
#include "troupe/runtime/tool_config.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Answers of simulated models.
struct simulated_config {
  /// Of all times, in permille: 1,000 as slow as real models, 0 at once.
  std::uint32_t latency_scale_permille = 1000; ///< 0 to 100,000.
  std::uint32_t failure_permille = 0;          ///< Calls that fail; 0 to 1,000.
};
BOOST_DESCRIBE_STRUCT(simulated_config, (),
                      (latency_scale_permille, failure_permille))

enum class log_level : std::uint8_t { debug, info, warn, error, off };
BOOST_DESCRIBE_ENUM(log_level, debug, info, warn, error, off)

struct log_config {
  log_level level = log_level::warn;
  std::string file; ///< Empty: standard error.
};
BOOST_DESCRIBE_STRUCT(log_config, (), (level, file))

/// Exact token counting.
struct tokens_config {
  /// Rank file by family of models (`o200k`); others are estimated.
  std::map<std::string, std::string> ranks;
};
BOOST_DESCRIBE_STRUCT(tokens_config, (), (ranks))

/// Recording calls of models, or answering them from a recording without any
/// network or key; one of the two.
struct exchanges_config {
  std::string record; ///< File to be made; empty: nothing is recorded.
  std::string replay; ///< Recording to answer from; empty: none.
  protocol::replay_mode replay_mode = protocol::replay_mode::strict;
};
BOOST_DESCRIBE_STRUCT(exchanges_config, (), (record, replay, replay_mode))

/// How a runtime is set up. The defaults work without any file or key.
struct runtime_config {
  std::uint32_t threads = 0; ///< Workers; 0: one a core. At most 1,024.
  std::uint64_t seed = 1;    ///< Of all random choices.
  /// Catalogue files, in order; a later one replaces models of the same id.
  /// Empty: the built-in catalogue.
  std::vector<std::string> catalogue;
  /// What `troupe models --refresh` has read from a provider; comes before
  /// `catalogue`. Empty, or no such file: nothing.
  std::string catalogue_cache;
  tokens_config tokens;
  std::string tenant = "default"; ///< Root account of the ledger.
  protocol::money budget = protocol::money::max(); ///< Of the tenant, USD.
  /// What counts against it: all that was ever spent, or what was in this hour,
  /// day, week or month.
  protocol::budget_window budget_window = protocol::budget_window::life;
  /// Of other accounts, as in `default/research` and `tag:nightly`.
  std::vector<protocol::open_account> budgets;
  /// File of the ledger, made when there is none: what is spent is known after
  /// a restart. Empty: in memory only.
  std::string ledger;
  /// File in which runs are kept, made when there is none: a run goes on after
  /// a crash. Without `ledger`, that is kept in a file beside it. Empty: runs
  /// end with their process.
  std::string journal;
  /// How long runs stay in it that have ended; those that are older go when it
  /// is opened. Zero: for ever.
  protocol::duration journal_retention{};
  /// How long after the end of its process another one may go on with a run,
  /// where several share a journal (`postgresql://...`): longer than a failover
  /// of its database takes.
  protocol::duration journal_lease = std::chrono::seconds{30};
  std::vector<provider_config> providers = default_providers();
  simulated_config simulated;
  log_config log;
  routing_config routing;
  limits_config limits;
  health_config health;
  history_config history;
  state_config state;
  exchanges_config exchanges;
  cache_config cache;
  std::vector<tool_config> tools;    ///< Programs that agents may name.
  std::vector<program_agent> agents; ///< Programs that are agents.
  /// Of programs only. Empty: a model rates answers where that is asked for.
  answer_verifier verifier{};
  /// Of programs only. Told once that the runtime has ended by itself: its runs
  /// have their reports, and the journal is on the disk. On a thread of its
  /// own actors: must not block, nor end the runtime there.
  std::function<void(const protocol::error&)> at_failure{};
};
BOOST_DESCRIBE_STRUCT(runtime_config, (),
                      (threads, seed, catalogue, catalogue_cache, tokens,
                       tenant, budget, budget_window, budgets, ledger, journal,
                       journal_retention, journal_lease, providers, simulated,
                       log, routing, limits, health, history, state, exchanges,
                       cache, tools, agents))

/// Tells everything that is wrong with a configuration. Pure: looks at no file
/// and no environment. No message holds a value that may be a key.
[[nodiscard]] std::vector<protocol::field_problem>
check_config(const runtime_config& config);

/// What reading a configuration gave: right only when `problems` is empty.
struct loaded_config {
  runtime_config config;
  std::string file; ///< That was read; empty: none, all defaults.
  std::vector<problem> problems;
};

using environment_reader =
    std::function<std::optional<std::string>(const std::string& name)>;

/// Reads `file`; when it is empty, the first that exists of `$TROUPE_CONFIG`
/// (which must exist when set), `./troupe.yaml`,
/// `$XDG_CONFIG_HOME/troupe/troupe.yaml` (else below `$HOME/.config`). Without
/// any: defaults. Paths in the file are relative to its folder. The form is in
/// `docs/config.md`. All problems at once, those of `check_config` and missing
/// files included. Empty `environment`: the process's own.
/// Blocking: as long as the disk takes.
[[nodiscard]] loaded_config
load_config(const std::string& file = {},
            const environment_reader& environment = {});

} // namespace troupe
