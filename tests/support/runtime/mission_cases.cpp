#include "support/runtime/mission_cases.hpp"

#include "support/file_text.hpp"

#include <algorithm>
#include <array>
#include <sstream>
#include <string_view>

namespace troupe::test {

namespace {

/// Lines of a run as it is made.
constexpr std::array<std::string_view, 7> ways{
    "proves",       "state",       "budget", "journal",
    "resume-after", "cut-network", "again"};
/// Likewise, about an account or a task.
constexpr std::array<std::string_view, 2> named_ways{"limit", "decide"};
/// Lines that are held against the run.
constexpr std::array<std::string_view, 8> checks{
    "problem", "failure", "calls",   "spent",
    "order",   "omitted", "resumed", "reused"};
/// Likewise, about a task or an agent.
constexpr std::array<std::string_view, 14> named_checks{
    "task",     "output",      "lacks", "error",  "says",
    "attempts", "interrupted", "calls", "model",  "simulated",
    "decided",  "degraded",    "why",   "at-once"};
constexpr std::size_t checks_min = 2;

template <class List>
bool is_in(const List& list, const std::string& key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

std::filesystem::path folder() {
  return TROUPE_SOURCE_DIR "/tests/missions";
}

/// Without `: ` it is a key without a value.
mission_line line_of(const std::string& text) {
  mission_line it;
  const auto colon = text.find(": ");
  it.key = text.substr(0, colon);
  if (colon != std::string::npos)
    it.value = text.substr(colon + 2);
  if (const auto space = it.key.find(' '); space != std::string::npos) {
    it.what = it.key.substr(space + 1);
    it.key.resize(space);
  }
  return it;
}

void check_lines(mission_case& it) {
  std::size_t count = 0;
  for (const auto& line : it.lines) {
    const bool is_check = line.what.empty() ? is_in(checks, line.key)
                                            : is_in(named_checks, line.key);
    const bool is_way =
        line.what.empty() ? is_in(ways, line.key) : is_in(named_ways, line.key);
    count += is_check ? 1 : 0;
    if (!is_check && !is_way)
      it.faults += "unknown line '" + line.key + (line.what.empty() ? "" : " ")
                   + line.what + "'\n";
    else if (line.value.empty())
      it.faults += "'" + line.key + "' says nothing\n";
  }
  for (const auto* key : {"proves", "state"})
    if (it.find(key) == nullptr)
      it.faults += std::string{"no line '"} + key + "'\n";
  if (count < checks_min)
    it.faults += "it checks too little\n";
}

} // namespace

const mission_line* mission_case::find(const std::string& key) const {
  const auto found =
      std::find_if(lines.begin(), lines.end(),
                   [&](const mission_line& one) { return one.key == key; });
  return found == lines.end() ? nullptr : &*found;
}

std::string mission_case::value_of(const std::string& key) const {
  const auto* line = find(key);
  return line == nullptr ? std::string{} : line->value;
}

mission_case read_case(const std::filesystem::path& file) {
  mission_case it;
  it.file = file;
  std::istringstream text{file_text(file)};
  for (std::string line; std::getline(text, line) && line.starts_with('#');)
    it.lines.push_back(
        line_of(line.substr(std::min<std::size_t>(2, line.size()))));
  check_lines(it);
  return it;
}

std::vector<mission_case> cases_of(const std::string& group) {
  std::vector<mission_case> all;
  for (const auto& file : files_in(folder(), ".yaml"))
    if (file.parent_path() == folder()
        && file.filename().string().starts_with(group + "-"))
      all.push_back(read_case(file));
  return all;
}

std::size_t count_missions() {
  return files_in(folder(), ".yaml").size();
}

} // namespace troupe::test
