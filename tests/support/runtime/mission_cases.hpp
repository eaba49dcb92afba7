#pragma once

#include <troupe/protocol/event.hpp>
#include <troupe/protocol/report.hpp>

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

/// The acceptance missions: files whose first lines say what comes of them, as
/// `tests/missions/README.md` describes.
namespace troupe::test {

/// A line such as `# attempts draft: 2`.
struct mission_line {
  std::string key;  ///< `attempts`.
  std::string what; ///< `draft`; often a task. Empty: none.
  std::string value;
};

struct mission_case {
  std::filesystem::path file;
  std::vector<mission_line> lines;
  std::string faults; ///< Of the lines themselves, a line each.

  /// The first line of that key; null: there is none.
  [[nodiscard]] const mission_line* find(const std::string& key) const;
  [[nodiscard]] std::string value_of(const std::string& key) const;
};

/// What became of a mission.
struct mission_outcome {
  std::string state; ///< `done`, ...; `invalid` where it cannot be loaded.
  /// Why it could not be loaded (`invalid`) or started (`refused`).
  std::vector<std::string> problems;
  protocol::run_report report;
  std::vector<protocol::run_event> events;
};

/// Reads the first lines of a mission.
[[nodiscard]] mission_case read_case(const std::filesystem::path& file);

/// The missions `group-01.yaml`, `group-02-name.yaml` and so on, by name.
[[nodiscard]] std::vector<mission_case> cases_of(const std::string& group);

/// The missions of all groups.
[[nodiscard]] std::size_t count_missions();

/// Runs a mission with all that its lines ask for.
[[nodiscard]] mission_outcome play(const mission_case& it);

/// What the lines say that is not so, a line each; empty: all is so.
[[nodiscard]] std::string faults_of(const mission_case& it,
                                    const mission_outcome& outcome);

} // namespace troupe::test
