#pragma once

#include "journal/entry_record.hpp"

#include <troupe/actors/journal_log.hpp>

#include <map>
#include <optional>

/// What a journal in a durable store keeps beside its records.
namespace troupe {

inline constexpr std::size_t parts_page = 256; ///< Read at one time.

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

/// There while a run has not ended, so that nobody needs to read all runs for
/// those.
[[nodiscard]] inline std::string open_key(protocol::id run) {
  return "open/" + to_string(run);
}

/// A beginning or an end, in the journal's list of runs: it shows when a whole
/// run is missing; or that it was forgotten, which ends the run's marks.
struct run_mark {
  protocol::id run{};
  chain_head chain{}; ///< Its last.
  bool is_closed = false;
  protocol::instant forgotten{}; ///< When; epoch: it is kept.
  std::string by{};              ///< Who had it forgotten.

  bool operator==(const run_mark&) const = default;
};
BOOST_DESCRIBE_STRUCT(run_mark, (), (run, chain, is_closed, forgotten, by))

/// A call of a tool, as it stands.
struct kept_effect {
  std::string step{};
  std::string tool{};
  protocol::instant begun{};                      ///< The last time.
  std::uint32_t times = 1;                        ///< That it was begun.
  std::optional<protocol::tool_result> outcome{}; ///< Null: nobody knows.
  /// Who has said what it gave, or, with no outcome, that it has not happened;
  /// empty: nobody had to.
  std::string told_by{};

  bool operator==(const kept_effect&) const = default;
};
BOOST_DESCRIBE_STRUCT(kept_effect, (),
                      (step, tool, begun, times, outcome, told_by))

/// Which runs may go: of those that have ended.
struct forget_rule {
  protocol::instant before; ///< That have ended earlier.
  std::uint64_t keep = 0;   ///< The newest so many stay, however old.
};

/// What has gone.
struct forgotten_parts {
  std::uint64_t runs = 0;
  std::uint64_t texts = 0; ///< That no other run has.
};

/// All that is kept of a run.
struct whole_run {
  actors::run_entries entries;
  std::vector<actors::kept_call> calls;
  std::map<std::string, kept_effect> effects; ///< By key.
};

/// Attempts of a task, one after the other, whose processes have ended.
struct interruption {
  std::uint32_t first = 0;
  std::uint32_t last = 0; ///< 0: there is none.
};
BOOST_DESCRIBE_STRUCT(interruption, (), (first, last))

/// What `store_journal::verify` has found.
struct journal_findings {
  std::uint64_t runs = 0;
  std::uint64_t entries = 0;
  std::uint64_t calls = 0; ///< Of models.
  std::string head;        ///< Of the list of runs: to be kept elsewhere.
  std::vector<std::string> problems; ///< At most 100.
};

} // namespace troupe

namespace troupe::protocol {

template <>
inline constexpr bool omits_defaults<run_mark> = true;
template <>
inline constexpr bool omits_defaults<kept_effect> = true;

} // namespace troupe::protocol
