#include "tools/program.hpp"

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace troupe::tools {

namespace fs = std::filesystem;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::string_view usual_path = "/usr/local/bin:/usr/bin:/bin";

bool is_program(const std::string& file) {
  std::error_code ec;
  return fs::is_regular_file(file, ec) && ::access(file.c_str(), X_OK) == 0;
}

} // namespace

std::string search_path() {
  const char* path = std::getenv("PATH");
  return path != nullptr && *path != '\0' ? path : std::string{usual_path};
}

result<std::string> find_program(const std::string& name,
                                 std::string_view path) {
  if (name.find('/') != std::string::npos) {
    std::error_code ec;
    auto file = fs::absolute(name, ec).string();
    if (!ec && is_program(file))
      return file;
    return fail(errc::tool_failed, "there is no program '" + name + "'");
  }
  while (!path.empty()) {
    const auto end = path.find(':');
    std::string file{path.substr(0, end)};
    path.remove_prefix(end == std::string_view::npos ? path.size() : end + 1);
    // An empty or relative one would be wherever this process stands.
    if (!file.starts_with('/'))
      continue;
    file += '/' + name;
    if (is_program(file))
      return file;
  }
  return fail(errc::tool_failed, "there is no program '" + name + "'");
}

std::vector<std::string> environment_of(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const auto& name : names)
    if (const char* value = std::getenv(name.c_str()))
      all.push_back(name + '=' + value);
  return all;
}

process_plan in_sandbox(process_plan plan, const std::string& bwrap,
                        bool has_network) {
  std::vector<std::string> words{"bwrap",
                                 "--die-with-parent",
                                 "--unshare-all",
                                 "--cap-drop",
                                 "ALL",
                                 "--ro-bind",
                                 "/",
                                 "/",
                                 "--dev",
                                 "/dev",
                                 "--proc",
                                 "/proc",
                                 "--tmpfs",
                                 "/tmp"};
  if (has_network)
    words.emplace_back("--share-net");
  if (!plan.folder.empty())
    for (const auto* word : {"--bind", plan.folder.c_str(), plan.folder.c_str(),
                             "--chdir", plan.folder.c_str()})
      words.emplace_back(word);
  words.emplace_back("--");
  words.push_back(plan.file);
  for (std::size_t i = 1; i < plan.arguments.size(); ++i)
    words.push_back(std::move(plan.arguments[i]));
  plan.arguments = std::move(words);
  plan.file = bwrap;
  plan.may_gain_privileges = true; // takes them away itself
  if (plan.limits.processes != 0)
    plan.limits.processes += 2; // itself, and the first one inside
  return plan;
}

std::string find_sandbox() {
  const auto bwrap = find_program("bwrap", search_path());
  if (!bwrap)
    return {};
  process_plan probe;
  probe.file = "/bin/true";
  probe.arguments = {"true"};
  probe.folder = "/";
  probe.limits.memory_bytes = 0;
  probe = in_sandbox(std::move(probe), *bwrap, false);
  const auto due = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  const auto outcome = run_process(probe, {}, due, {});
  return outcome.how == process_end::exited && outcome.code == 0
             ? *bwrap
             : std::string{};
}

} // namespace troupe::tools
