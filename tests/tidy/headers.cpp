#include "rules.hpp"

#include <regex>

namespace troupe::tidy {

namespace {

bool is_doc(const std::string& line) {
  return line.find("///") != std::string::npos;
}

/// True when the declaration on `line` has a docstring right above, past
/// `template <...>` lines and attributes.
bool is_documented(const source_file& file, std::size_t line) {
  static const std::regex prefix{R"(^\s*(template|requires|\[\[))"};
  while (line > 0) {
    --line;
    if (is_doc(file.lines[line]))
      return true;
    if (!std::regex_search(file.code[line], prefix))
      return false;
  }
  return false;
}

void check_docstrings(const source_file& file, violations& found) {
  static const std::regex definition{
      R"(^(class|struct|enum class)\s+(\[\[\w+\]\]\s+)?(\w+)[^;]*$)"};
  bool has_doc = false;
  bool has_definition = false;
  for (std::size_t n = 0; n < file.code.size(); ++n) {
    has_doc = has_doc || is_doc(file.lines[n]);
    std::smatch match;
    if (!std::regex_search(file.code[n], match, definition))
      continue;
    has_definition = true;
    if (match[1] == "class" && !is_documented(file, n))
      found.push_back({file.path, n + 1, "docstring",
                       "class '" + match[3].str() + "' has none"});
  }
  if (has_definition && !has_doc)
    found.push_back(
        {file.path, 0, "docstring", "nothing in this header has one"});
}

void check_name(const source_file& file, violations& found) {
  static const std::regex vague{R"(^(utils?|common|helpers?|misc)(\..*)?$)"};
  static const std::regex snake{R"(^[a-z0-9_]+\.[ch]pp$)"};
  std::string_view rest = file.path;
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string part{rest.substr(0, slash)};
    if (std::regex_match(part, vague))
      found.push_back({file.path, 0, "file-name",
                       "'" + part + "' does not say what is in it"});
    if (slash == std::string_view::npos && !std::regex_match(part, snake))
      found.push_back({file.path, 0, "file-name", "is not in snake_case"});
    rest = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
  }
}

} // namespace

void check_headers(const source_file& file, violations& found) {
  check_name(file, found);
  if (!file.is_header())
    return;
  bool has_pragma = false;
  for (const auto& line : file.code)
    has_pragma = has_pragma || line.starts_with("#pragma once");
  if (!has_pragma)
    found.push_back({file.path, 0, "pragma-once", "is missing"});
  if (file.is_public())
    check_docstrings(file, found);
}

} // namespace troupe::tidy
