#pragma once

#include "source_file.hpp"

#include <compare>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace troupe::tidy {

/// A place where the tree breaks one of its rules.
struct violation {
  std::string path;
  std::size_t line = 0; ///< From 1; 0: the whole file.
  std::string rule;     ///< As named in exceptions.txt.
  std::string what;

  auto operator<=>(const violation&) const = default;
};

using violations = std::vector<violation>;

/// `layer`: protocol <- actors <- runtime, and nothing points back.
void check_layers(const source_file& file, violations& found);

/// `header-lines`, `source-lines`, `test-lines`, `function-lines`,
/// `behaviour-lines`, `columns`.
void check_sizes(const source_file& file, violations& found);

/// `infinite-wait` (CAF's), `sleep`, `console`, `using-namespace`,
/// `unfinished`, `floating-point`, `distribution`, `impure-rules`.
void check_words(const source_file& file, violations& found);

/// `infinite-wait` of the system: `poll`, `select` and their like.
void check_waits(const source_file& file, violations& found);

/// `unbounded-queue`: a queue that no comment calls bounded by something.
void check_queues(const source_file& file, violations& found);

/// `pragma-once`, `docstring`, `file-name`.
void check_headers(const source_file& file, violations& found);

/// `error-page`, `error-test`: every code has a page and is named in a test.
void check_errors(const std::filesystem::path& root,
                  const std::vector<source_file>& files, violations& found);

/// Removes what `exceptions` lists, a line each: rule, path, reason. Adds a
/// violation (`exception`) for a line without a reason, and for one that
/// excuses nothing.
void apply_exceptions(const std::vector<std::string>& exceptions,
                      violations& found);

} // namespace troupe::tidy
