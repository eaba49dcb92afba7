#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::benchmarks {

using numbers = std::vector<std::size_t>; ///< Places of prompts.

/// One prompt, and how each model did on it and what that did cost.
struct routed_prompt {
  std::size_t type = 0;
  std::string text;
  std::vector<double> quality; ///< By model; 0 to 1.
  std::vector<double> cost;    ///< By model; thousandths of a dollar.
};

struct routing_data {
  std::string name;
  std::vector<std::string> types;
  std::vector<std::string> models;
  std::vector<routed_prompt> prompts; ///< Those that all models have answered.
};

/// ZeroEval: school maths, what a piece of code gives, competition maths. Cost
/// at list prices of 2024, of the tokens that were counted; models that bill
/// reasoning they do not show are left out, since it was not counted. Empty
/// when the data is not there.
[[nodiscard]] routing_data read_zeroeval(const std::string& folder);

/// RouterBench, with the costs it states. Empty when it is not there.
[[nodiscard]] routing_data read_routerbench(const std::string& folder);

} // namespace troupe::benchmarks
