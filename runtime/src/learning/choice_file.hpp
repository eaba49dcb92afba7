#pragma once

#include "sqlite/database.hpp"

#include <troupe/actors/choice_log.hpp>
#include <troupe/protocol/model.hpp>
#include <troupe/protocol/time.hpp>

#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace troupe {

/// What is to be written: a choice that was answered, or how good it was.
struct choice_record {
  protocol::instant at;
  std::variant<actors::made_choice, protocol::judge_answer> what;
};

struct kept_choice {
  protocol::instant at; ///< When it was answered.
  actors::made_choice what;

  bool operator==(const kept_choice&) const = default;
};

/// The choices of a learned policy in a SQLite file, for its owner alone to
/// read. Several processes may use it. What a crash of the machine takes of it
/// is the last choices, never the file. Not thread-safe. Blocking: as long as a
/// disk takes, and up to 2 s for another process.
class choice_file {
public:
  static constexpr std::size_t rows_usual = 1'000'000;

  /// `makes`: when there is none. Holds the newest `rows_max` choices.
  /// Errors: `file_unreadable` (no such file or folder, no right to it),
  /// `config_invalid` (of another program or a later version, damaged).
  [[nodiscard]] static protocol::result<std::unique_ptr<choice_file>>
  open(const std::string& file, bool makes, std::size_t rows_max = rows_usual);

  /// All or none. Judgements of calls that are not there, or were judged
  /// before, are left out.
  protocol::result<void> write(std::span<const choice_record> records);

  /// Returns the model that is judged by it. Errors: `invalid_request` for a
  /// call that is not there or was judged already.
  protocol::result<std::string> judge(const protocol::judge_answer& what);

  /// The newest, the oldest of them first. Errors: `malformed_message` names
  /// the row that cannot be read.
  protocol::result<std::vector<kept_choice>> newest(std::size_t most,
                                                    bool only_judged);

private:
  choice_file(std::string file, std::size_t rows_max);

  protocol::result<void> prepare();
  protocol::result<void> put(const choice_record& it);
  protocol::result<void> put_quality(const protocol::judge_answer& it);
  protocol::result<void> drop_oldest();
  [[nodiscard]] protocol::error wrong_row(std::int64_t number,
                                          const std::string& what) const;
  protocol::result<kept_choice> choice_of(const sqlite::run_of& row) const;

  sqlite::database db_;
  std::size_t rows_max_;
  sqlite::statement insert_;
  sqlite::statement judge_;
  sqlite::statement find_;
  sqlite::statement drop_;
};

} // namespace troupe
