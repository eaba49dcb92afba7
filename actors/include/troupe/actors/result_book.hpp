#pragma once

#include <troupe/protocol/journal.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

/// What earlier runs gave, by what it was made of. Filled before a run starts;
/// any thread may read it then.
class result_book {
public:
  struct known_result {
    protocol::id run; ///< That did it.
    protocol::task_result outcome;
  };

  /// Takes in what the entries of a run tell, whether it has ended or not; of
  /// equal work the first that is added counts.
  void add(protocol::id run, const std::vector<protocol::journal_entry>& past);
  /// As `add`, for a run that is told anew: reasons are those it had.
  void add_as_told(protocol::id run,
                   const std::vector<protocol::journal_entry>& past);

  /// Null: nobody has done just this.
  [[nodiscard]] const known_result*
  find(const std::vector<protocol::work_part>& parts) const;

  /// Why there is none, for people: what has changed since the last time.
  [[nodiscard]] std::string
  reason(const std::string& task,
         const std::vector<protocol::work_part>& parts) const;

  [[nodiscard]] std::size_t size() const noexcept { return results_.size(); }

private:
  struct last_time {
    protocol::id run;
    std::vector<protocol::work_part> parts;
    bool has_failed = false;
  };

  std::unordered_map<protocol::id, known_result> results_;
  std::unordered_map<std::string, last_time> tasks_;
  std::unordered_map<std::string, std::string> told_;
};

} // namespace troupe::actors
