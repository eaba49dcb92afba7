#include "functions.hpp"
#include "rules.hpp"

#include <algorithm>

namespace troupe::tidy {

namespace {

constexpr std::size_t header_lines_max = 150;
constexpr std::size_t source_lines_max = 300;
constexpr std::size_t test_lines_max = 400;
constexpr std::size_t function_lines_max = 50;
constexpr std::size_t behaviour_lines_max = 25;
constexpr std::size_t columns_max = 80;

/// Characters, not bytes, of UTF-8 text.
std::size_t width_of(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      }));
}

std::string figure(std::size_t is, std::size_t limit) {
  return std::to_string(is) + ", at most " + std::to_string(limit);
}

void check_lines(const source_file& file, violations& found) {
  const auto check = [&](const char* rule, std::size_t limit) {
    if (file.lines.size() > limit)
      found.push_back({file.path, 0, rule, figure(file.lines.size(), limit)});
  };
  if (file.is_header())
    check("header-lines", header_lines_max);
  else if (file.path.ends_with("_test.cpp"))
    check("test-lines", test_lines_max);
  else
    check("source-lines", source_lines_max);
}

void check_functions(const source_file& file, violations& found) {
  for (const auto& f : functions_of(file)) {
    if (f.length > function_lines_max)
      found.push_back({file.path, f.line + 1, "function-lines",
                       figure(f.length, function_lines_max)});
    else if (is_behaviour(f) && f.length > behaviour_lines_max)
      found.push_back({file.path, f.line + 1, "behaviour-lines",
                       figure(f.length, behaviour_lines_max)});
  }
}

void check_columns(const source_file& file, violations& found) {
  for (std::size_t n = 0; n < file.lines.size(); ++n) {
    const auto& line = file.lines[n];
    if (width_of(line) <= columns_max || line.starts_with("#include"))
      continue;
    found.push_back(
        {file.path, n + 1, "columns", figure(width_of(line), columns_max)});
  }
}

} // namespace

void check_sizes(const source_file& file, violations& found) {
  check_lines(file, found);
  check_functions(file, found);
  check_columns(file, found);
}

} // namespace troupe::tidy
