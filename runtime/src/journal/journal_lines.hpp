#pragma once

#include "journal/store_journal.hpp"

#include <functional>
#include <map>
#include <string>

/// A run as JSON lines, to be carried from one journal to another.
namespace troupe {

/// Tells `to` the lines of a run: its entries, the calls of its models and
/// those of its tools. Errors: as `store_journal::read`.
[[nodiscard]] protocol::result<void>
write_lines(store_journal& from, protocol::id run,
            const std::function<void(const std::string&)>& to);

/// One line of an entry, or of a call of a model.
[[nodiscard]] std::string line_of(protocol::id run,
                                  const protocol::journal_entry& it);
[[nodiscard]] std::string line_of(protocol::id run,
                                  const actors::kept_call& it);

/// Gathers lines, and adds the runs that they are. They may come from anybody.
/// Not thread-safe.
class line_reader {
public:
  static constexpr std::size_t line_bytes_max = 256U << 20U;

  /// Error: `malformed_message` for what is no line of a run.
  [[nodiscard]] protocol::result<void> add(const std::string& line);

  /// How many runs were added. Errors: `journal_damaged` for a run that has no
  /// beginning, or calls of tasks that it has not, or that is there already;
  /// `journal_failed`. Runs before the one that is refused are added.
  [[nodiscard]] protocol::result<std::size_t> add_to(store_journal& journal);

private:
  std::map<protocol::id, whole_run> runs_;
};

} // namespace troupe
