#pragma once

#include "source_file.hpp"

#include <string>
#include <vector>

namespace troupe::tidy {

/// A function with a body, as found by its brackets. Lambdas and local classes
/// belong to the function around them.
struct function {
  std::string head;       ///< All that stands before the body, on one line.
  std::size_t line = 0;   ///< Where the head begins, from 0.
  std::size_t length = 0; ///< Lines from the head's first to the closing brace.
};

/// The functions at namespace and class scope of `file`, in order. Reads
/// brackets, not C++: macros that hide a bracket mislead it.
[[nodiscard]] std::vector<function> functions_of(const source_file& file);

/// True for a function whose head says that it returns a behaviour.
[[nodiscard]] bool is_behaviour(const function& f);

} // namespace troupe::tidy
