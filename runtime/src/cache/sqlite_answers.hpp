#pragma once

#include <troupe/actors/answer_store.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace troupe {

/// What a file of answers may hold; then those go that end first.
struct answer_file_limits {
  std::size_t entries = 100'000;
  std::size_t bytes = 256U << 20U; ///< Of keys and answers.
};

/// Answers in a SQLite file, made when there is none, for its owner alone to
/// read: it holds prompts and answers. Several processes may use it. What a
/// crash of the machine takes of it is the last answers, never the file.
/// Any number of threads may use it, one after the other.
/// Errors: `file_unreadable` (no such folder, no right to it), `config_invalid`
/// (of another program or a later version, or locked for long).
[[nodiscard]] protocol::result<std::shared_ptr<actors::answer_store>>
open_sqlite_answers(const std::string& file,
                    const answer_file_limits& limits = {});

} // namespace troupe
