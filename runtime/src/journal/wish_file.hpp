#pragma once

#include "sqlite/database.hpp"

#include <troupe/protocol/describe.hpp>
#include <troupe/protocol/id.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace troupe {

/// What another process may wish of a run.
enum class wish_kind : std::uint8_t { pause, cancel };
BOOST_DESCRIBE_ENUM(wish_kind, pause, cancel)

/// A wish that waits for the process that runs the run.
struct run_wish {
  std::int64_t number = 0; ///< Given by the file.
  protocol::id run;
  wish_kind kind = wish_kind::pause;
  std::string why;         ///< At most 1 KiB.
  protocol::instant until; ///< Nobody takes it up later.
};

/// What has come of a wish.
struct wish_answer {
  bool is_taken = false;
  std::string state; ///< Of the run, once it has ended; empty: not yet.
};

/// A run that a process runs now.
struct live_run {
  protocol::id run;
  protocol::instant since;
  std::int64_t process = 0; ///< Its id.
};

/// Where other processes say what they wish of runs, beside the journal, which
/// one process has to itself. Not thread-safe. Blocking: as long as a disk
/// takes.
class wish_file {
public:
  /// The file beside that journal; `makes`: when there is none. Errors:
  /// `file_unreadable`, `config_invalid`.
  [[nodiscard]] static protocol::result<std::unique_ptr<wish_file>>
  open(const std::string& journal, bool makes);

  /// Who has the journal says first that nobody else runs anything.
  protocol::result<void> clear();
  protocol::result<void> add_live(const live_run& it);
  protocol::result<void> drop_live(protocol::id run);
  /// The runs that were live when their process was last heard of, latest
  /// first.
  [[nodiscard]] protocol::result<std::vector<live_run>> live();

  /// Returns its number.
  [[nodiscard]] protocol::result<std::int64_t> add(const run_wish& it);
  /// Those that nobody has taken up, in order.
  [[nodiscard]] protocol::result<std::vector<run_wish>>
  open_wishes(protocol::instant now);
  /// False: it was withdrawn.
  [[nodiscard]] protocol::result<bool> take(std::int64_t number);
  protocol::result<void> tell(std::int64_t number, const std::string& state);
  /// Null: there is no such wish any more.
  [[nodiscard]] protocol::result<std::optional<wish_answer>>
  answer(std::int64_t number);
  /// False: it was taken up before.
  [[nodiscard]] protocol::result<bool> withdraw(std::int64_t number);

private:
  explicit wish_file(std::string file);
  protocol::result<void> prepare();
  /// Runs a statement that changes something; returns how many rows.
  protocol::result<int> change(sqlite::run_of& it);
  /// The same of one wish that nobody has taken up; false: there is none.
  protocol::result<bool> change_open(sqlite::statement& it,
                                     std::int64_t number);

  sqlite::database db_;
  sqlite::statement add_live_;
  sqlite::statement drop_live_;
  sqlite::statement live_;
  sqlite::statement add_;
  sqlite::statement open_;
  sqlite::statement take_;
  sqlite::statement tell_;
  sqlite::statement answer_;
  sqlite::statement withdraw_;
};

} // namespace troupe
