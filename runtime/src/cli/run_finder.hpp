#pragma once

#include "book_arguments.hpp"
#include "commands.hpp"
#include "journal/store_journal.hpp"

#include <memory>
#include <optional>

namespace troupe::cli {

/// The file of the journal, as in `open_journal`.
[[nodiscard]] std::optional<std::string>
journal_file(const book_arguments& given, const std::string& command,
             console& on);

/// The journal that was named, else the configuration's. Nothing: it was told
/// why not; `command` as in `troupe runs`.
[[nodiscard]] std::unique_ptr<store_journal>
open_journal(const book_arguments& given, const std::string& command,
             console& on);

/// Makes the file of a journal if there is none.
[[nodiscard]] protocol::result<void> make_journal(const std::string& file);

/// The run that is meant by its id, the beginning of it, or `last`.
/// Errors: `unknown_run`, also for a beginning that several have; those of the
/// journal.
[[nodiscard]] protocol::result<protocol::id> find_run(store_journal& journal,
                                                      const std::string& name);

/// The same run with all of its entries.
[[nodiscard]] protocol::result<actors::run_entries>
read_run(store_journal& journal, const std::string& name);

/// The same for who will add to it: it is this process's until the journal is
/// closed. Errors: also `unknown_run` while another process works on it.
[[nodiscard]] protocol::result<actors::run_entries>
take_run(store_journal& journal, const std::string& name);

/// What a run came to by its entries. One that has not ended is reported as it
/// stands at the last of them. Errors: `journal_damaged`.
[[nodiscard]] protocol::result<protocol::run_report>
report_of(protocol::id run,
          const std::vector<protocol::journal_entry>& entries);

} // namespace troupe::cli
