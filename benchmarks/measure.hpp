#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::benchmarks {

/// What many measurements of one thing say.
struct spread {
  double median = 0;
  double min = 0;
  double max = 0;
};

/// All zero for no values.
[[nodiscard]] spread spread_of(std::vector<double> values);

/// `12.3 [11.9..14.0]`
[[nodiscard]] std::string to_text(const spread& value);

/// Monotonic seconds since some fixed point.
[[nodiscard]] double seconds_now();

/// CPU seconds that this process has used so far, user and system.
[[nodiscard]] double cpu_seconds();

/// Memory of this process that is in RAM now.
[[nodiscard]] double resident_bytes();
[[nodiscard]] double resident_mib();

/// What else the machine is doing: the load average of the last minute.
[[nodiscard]] double load_average();

/// Prints date, cores and load; every program starts with it, since figures
/// from a busy machine say little.
void print_machine();

/// Prints one line of a table: what, its spread, unit and a note.
void print_row(std::string_view what, const spread& value,
               std::string_view unit, std::string_view note = {});

/// Prints `value` beside the goal, and whether it is met.
void print_goal(std::string_view what, double value, double at_most,
                std::string_view unit);

/// Numbers from the command line, as in `--rounds 5`.
class options {
public:
  /// A number with its default and what it means.
  struct number {
    std::string name; ///< Without the dashes.
    std::int64_t value;
    std::string meaning;
  };

  /// Reads the command line. `--help` prints `question` and the numbers and
  /// ends the process with 0; what is not known ends it with 2.
  options(int argc, char** argv, std::string_view question,
          const std::vector<number>& numbers);

  [[nodiscard]] std::int64_t operator[](const std::string& name) const {
    return values_.at(name);
  }

private:
  std::map<std::string, std::int64_t> values_;
};

/// Ends the process with 1 and says why: a figure for wrong work is worthless.
[[noreturn]] void wrong(std::string_view what);

} // namespace troupe::benchmarks
