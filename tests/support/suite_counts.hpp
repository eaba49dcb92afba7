#pragma once

#include <cstddef>
#include <string>

namespace troupe::test {

/// How many cases of a suite that others wrote came out as expected. Tests warn
/// with its line; script/test and script/check repeat it.
struct suite_counts {
  std::string name;
  std::size_t cases = 0;
  std::size_t as_expected = 0;

  void count(bool is_as_expected) {
    ++cases;
    as_expected += is_as_expected ? 1 : 0;
  }

  /// Without cases: the suite's data is not there.
  [[nodiscard]] std::string line() const {
    if (cases == 0)
      return "suite " + name + ": not present";
    return "suite " + name + ": " + std::to_string(as_expected) + " of "
           + std::to_string(cases) + " as expected";
  }
};

} // namespace troupe::test
