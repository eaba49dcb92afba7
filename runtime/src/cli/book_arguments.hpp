#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What the user typed for commands that read a ledger, a journal or a learning
/// file.
namespace troupe::cli {

/// Options that these commands share.
struct book_arguments {
  std::string file;   ///< Empty: as the configuration says.
  std::string config; ///< Configuration file; empty: looked for.
  bool json = false;
  bool no_color = false;
};

struct account_arguments {
  book_arguments book;
  std::string path; ///< Empty: all.
  bool all = false; ///< Closed ones as well.
  bool lists_unknown = false;
  bool reconciles = false;
  std::string reservation;
  std::string outcome; ///< An amount, or `released`.
};

struct choices_arguments {
  book_arguments book;
  std::uint32_t count = 20;
};

struct judge_arguments {
  book_arguments book;
  std::string call;
  std::uint32_t percent = 0;
};

struct runs_arguments {
  book_arguments book;
  std::uint32_t count = 20;
};

/// Of `show` and `replay`.
struct show_arguments {
  book_arguments book;
  std::string run;
  bool entries = false;
  bool calls = false;
  bool replays = false;
};

/// Of `approve` and `refuse`.
struct decision_arguments {
  book_arguments book;
  std::string run;
  std::string task;
  std::string by; ///< Empty: the user's name.
  std::string note;
};

/// Of `pause` and `cancel`.
struct wish_arguments {
  book_arguments book;
  std::string run;
  std::string by; ///< Empty: the user's name.
  std::string note;
  std::uint32_t wait_s = 10; ///< For the process that runs it.
};

struct report_arguments {
  book_arguments book;
  std::string run;    ///< Or a file with a report in JSON.
  std::string format; ///< Empty: by the ending of `output`.
  std::string output; ///< File; empty: print it.
};

struct journal_arguments {
  book_arguments book;
  bool exports = false;
  std::string imports; ///< File to read entries from; empty: none.
  std::string run;     ///< Of `export`; empty: all.
  std::string head;    ///< Of `verify`; empty: none was kept.
  bool forgets = false;
  std::vector<std::string> runs; ///< Of `forget`.
  std::string older_than;        ///< A duration; empty: whatever their age.
  std::uint64_t keep = 0;
  bool dry_run = false;
};

} // namespace troupe::cli
