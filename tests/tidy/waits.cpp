#include "rules.hpp"

#include <regex>

namespace troupe::tidy {

namespace {

/// Which argument of a call of the system bounds its wait.
std::size_t bound_of(std::string_view call) {
  if (call == "poll" || call == "ppoll")
    return 2;
  return call.starts_with("epoll") ? 3 : 4;
}

/// The arguments, without blanks, of the call whose brackets open before
/// `column` of `line`; it may go on over several lines.
std::vector<std::string> arguments_from(const source_file& file,
                                        std::size_t line, std::size_t column) {
  std::vector<std::string> all(1);
  int depth = 0;
  for (; line < file.code.size(); ++line, column = 0) {
    const auto& code = file.code[line];
    for (; column < code.size(); ++column) {
      const char c = code[column];
      if (depth == 0 && c == ')')
        return all;
      depth += c == '(' || c == '{' || c == '[' ? 1 : 0;
      depth -= c == ')' || c == '}' || c == ']' ? 1 : 0;
      if (depth == 0 && c == ',')
        all.emplace_back();
      else if (c != ' ')
        all.back() += c;
    }
  }
  return all;
}

/// True for what never ends, and for a name that the file gives to -1.
bool is_endless(const source_file& file, const std::string& argument) {
  static const std::regex name{R"(\w+)"};
  if (argument == "-1" || argument == "nullptr" || argument == "NULL")
    return true;
  if (!std::regex_match(argument, name))
    return false;
  const std::regex meaning{"\\b" + argument + R"(\s*[={]\s*-\s*1\b)"};
  for (const auto& line : file.code)
    if (std::regex_search(line, meaning))
      return true;
  return false;
}

} // namespace

void check_waits(const source_file& file, violations& found) {
  static const std::regex call{
      R"(\b(p?poll|epoll_wait|epoll_pwait2?|p?select)\s*\()"};
  if (!file.is_shipped())
    return;
  for (std::size_t n = 0; n < file.code.size(); ++n) {
    std::smatch match;
    const auto& code = file.code[n];
    if ((code.find("poll") == std::string::npos // a regex takes its time
         && code.find("select") == std::string::npos)
        || !std::regex_search(code, match, call))
      continue;
    const auto arguments = arguments_from(
        file, n, static_cast<std::size_t>(match.position() + match.length()));
    const auto bound = bound_of(match[1].str());
    if (bound < arguments.size() && is_endless(file, arguments[bound]))
      found.push_back(
          {file.path, n + 1, "infinite-wait", "every wait has a deadline"});
  }
}

} // namespace troupe::tidy
