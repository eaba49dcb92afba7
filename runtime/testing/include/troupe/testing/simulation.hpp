#pragma once

#include <cstdint>
#include <iosfwd>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::testing {

/// Which life of a client, a few processes and the world around them is played.
struct simulation_script {
  std::uint64_t seed = 1;
  /// It goes on until so many operations were done; 1 to 1,000,000.
  std::uint64_t operations = 1'000;
  /// Names of faults (`power_cut`); empty: all. `none`: no fault.
  std::vector<std::string> only{};
  /// Only these steps of the script, as a shrunken one names them; null: all.
  std::optional<std::vector<std::uint32_t>> steps{};

  bool operator==(const simulation_script&) const = default;
};

/// What came of it.
struct simulation_outcome {
  std::uint64_t seed = 0;
  std::uint64_t operations = 0;
  std::uint64_t faults = 0;
  std::map<std::string, std::uint64_t> operations_by_kind{};
  std::map<std::string, std::uint64_t> faults_by_kind{};
  std::uint32_t steps = 0;  ///< Of the script, that were played or left out.
  std::uint64_t digest = 0; ///< Of all that was seen: equal histories, equal.
  std::vector<std::string>
      broken{};                    ///< Promises that did not hold; none: good.
  std::vector<std::string> told{}; ///< The history, a line each.
};

/// Plays one; the same script gives the same outcome, byte for byte. `tells`:
/// with the history. Thread safety: any thread, several at one time.
[[nodiscard]] simulation_outcome simulate(const simulation_script& script,
                                          bool tells = false);

/// The steps of a broken simulation that suffice to break a promise: none of
/// them can be left out. Plays it at most `tries` times.
[[nodiscard]] std::vector<std::uint32_t>
shortest_steps(const simulation_script& script, std::uint32_t tries = 300);

/// What a script does, a line a step.
[[nodiscard]] std::vector<std::string>
steps_in_words(const simulation_script& script);

/// The names of faults.
[[nodiscard]] std::vector<std::string> fault_names();

/// The command `troupe-sim`: as main. Returns its exit code: 1 when a promise
/// was broken, 2 for bad arguments.
int simulation_command(int count, const char* const* arguments,
                       std::ostream& out, std::ostream& err);

} // namespace troupe::testing
