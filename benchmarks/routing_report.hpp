#pragma once

#include "routing_data.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// What the replays of recorded answers have in common: data sets that are
/// dealt into two halves, and a table of what each way to choose came to.
namespace troupe::benchmarks {

/// What answers were worth and cost, on average.
struct outcome {
  double quality = 0;
  double cost = 0; ///< Thousandths of a dollar, of one call.
};

/// Ways to choose, by name; the others are compared with the first.
using rows = std::vector<std::pair<std::string, outcome>>;

struct halves {
  numbers fit;
  numbers asked;
};

/// The same everywhere for the same seed.
[[nodiscard]] halves deal(std::size_t prompts, std::uint64_t seed);

/// Prints the spread of each row of `play` over seeds from 1, and how it
/// compares with the first, which is called `first`. Returns what share of the
/// first's cost each had, the median.
std::map<std::string, double>
report_rows(const std::string& title, const std::string& first,
            std::int64_t seeds, const std::function<rows(std::uint64_t)>& play);

/// Calls `use` with each data set that is there, and tells which are not.
void with_recorded_answers(const std::function<void(const routing_data&)>& use);

} // namespace troupe::benchmarks
