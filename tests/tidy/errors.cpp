#include "rules.hpp"

#include <algorithm>
#include <regex>
#include <set>

namespace troupe::tidy {

namespace {

constexpr const char* errc_header = "protocol/include/troupe/protocol/errc.hpp";

/// The names of `enum class errc`.
std::vector<std::string> codes_in(const source_file& header) {
  static const std::regex value{R"(^\s*(\w+)\s*=\s*\d+\s*,)"};
  std::vector<std::string> codes;
  bool inside = false;
  for (const auto& line : header.code) {
    if (line.starts_with("enum class errc"))
      inside = true;
    if (inside && line.find('}') != std::string::npos)
      break;
    std::smatch match;
    if (inside && std::regex_search(line, match, value))
      codes.push_back(match[1]);
  }
  return codes;
}

bool is_tested(const std::string& code, const std::vector<source_file>& files) {
  const std::regex name{"\\berrc::" + code + "\\b"};
  const auto names_it = [&](const source_file& file) {
    if (!file.path.ends_with("_test.cpp"))
      return false;
    return std::any_of(
        file.code.begin(), file.code.end(),
        [&](const auto& line) { return std::regex_search(line, name); });
  };
  return std::any_of(files.begin(), files.end(), names_it);
}

void check_stale_pages(const std::filesystem::path& folder,
                       const std::set<std::string>& codes, violations& found) {
  if (!std::filesystem::is_directory(folder))
    return;
  for (const auto& entry : std::filesystem::directory_iterator{folder}) {
    const auto name = entry.path().stem().string();
    if (name != "README" && codes.count(name) == 0)
      found.push_back({"docs/errors/" + name + ".md", 0, "error-page",
                       "is about a code that does not exist"});
  }
}

} // namespace

void check_errors(const std::filesystem::path& root,
                  const std::vector<source_file>& files, violations& found) {
  const auto header =
      std::find_if(files.begin(), files.end(),
                   [](const auto& file) { return file.path == errc_header; });
  if (header == files.end()) {
    found.push_back({errc_header, 0, "error-page", "cannot be read"});
    return;
  }
  const auto codes = codes_in(*header);
  if (codes.empty())
    found.push_back({errc_header, 0, "error-page", "no code was found"});
  for (const auto& code : codes) {
    if (!std::filesystem::exists(root / "docs/errors" / (code + ".md")))
      found.push_back({errc_header, 0, "error-page",
                       "docs/errors/" + code + ".md is missing"});
    if (!is_tested(code, files))
      found.push_back(
          {errc_header, 0, "error-test", "no test names errc::" + code});
  }
  check_stale_pages(root / "docs/errors", {codes.begin(), codes.end()}, found);
}

} // namespace troupe::tidy
