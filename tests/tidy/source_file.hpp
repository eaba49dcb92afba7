#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::tidy {

/// A C++ file of the tree, with its lines numbered from 0.
struct source_file {
  std::string path; ///< From the root of the tree, with '/'.
  std::vector<std::string> lines;
  std::vector<std::string> code; ///< As `lines`; comments, literals blanked.

  [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
  [[nodiscard]] bool is_under(std::string_view folder) const;
  /// Of a library or the command; not of tests, benchmarks and examples.
  [[nodiscard]] bool is_shipped() const;
  /// A header that users see.
  [[nodiscard]] bool is_public() const;
};

/// The lines of a file; empty when it cannot be read.
[[nodiscard]] std::vector<std::string>
read_lines(const std::filesystem::path& path);

/// The lines with comments, strings and characters replaced by blanks, so that
/// columns stay. Knows raw strings and digit separators. The operands of
/// `#include` stay.
[[nodiscard]] std::vector<std::string>
code_of(const std::vector<std::string>& lines);

/// All C++ files below the project's source folders, sorted by path, less the
/// fixtures of this very check.
[[nodiscard]] std::vector<source_file>
read_tree(const std::filesystem::path& root);

} // namespace troupe::tidy
