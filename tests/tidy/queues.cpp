#include "rules.hpp"

#include <regex>

namespace troupe::tidy {

namespace {

constexpr auto none = std::string::npos;

/// Where the comment of a line begins.
std::size_t comment_column(const source_file& file, std::size_t line) {
  const auto column = file.lines[line].find("//");
  if (column == none || file.code[line].compare(column, 2, "  ") != 0)
    return none;
  return column;
}

bool is_comment(const source_file& file, std::size_t line) {
  return comment_column(file, line) != none
         && file.code[line].find_first_not_of(' ') == none;
}

std::string comment_text(const source_file& file, std::size_t line) {
  const auto column = comment_column(file, line);
  if (column == none)
    return {};
  const auto begin = file.lines[line].find_first_not_of("/< ", column);
  return begin == none ? "" : file.lines[line].substr(begin) + ' ';
}

/// What the comments say that stand above the declaration on `line`, behind it,
/// and below in the column of the one behind it.
std::string comment_on(const source_file& file, std::size_t line) {
  const auto count = file.lines.size();
  auto begin = line;
  while (begin > 0 && is_comment(file, begin - 1))
    --begin;
  auto last = line;
  while (last + 1 < count && file.code[last].find(';') == none)
    ++last;
  const auto column = comment_column(file, last);
  auto end = last + 1;
  while (end < count && column != none && is_comment(file, end)
         && comment_column(file, end) == column)
    ++end;
  std::string text;
  for (auto at = begin; at < end; ++at)
    text += comment_text(file, at);
  return text;
}

} // namespace

void check_queues(const source_file& file, violations& found) {
  static const std::regex queue{
      R"(\bstd::(deque|(forward_)?list|(priority_)?queue)\b)"};
  static const std::regex bound{R"(\b[Bb]ounded by \w)"};
  if (!file.is_shipped())
    return;
  for (std::size_t n = 0; n < file.code.size(); ++n)
    if (file.code[n].find("std::") != none // a regex takes its time
        && std::regex_search(file.code[n], queue)
        && !std::regex_search(comment_on(file, n), bound))
      found.push_back({file.path, n + 1, "unbounded-queue",
                       "no comment says what it is bounded by"});
}

} // namespace troupe::tidy
