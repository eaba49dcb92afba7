#include "results.hpp"

#include "report/printable.hpp"
#include "report/report_text.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::string safe_name(std::string_view task) {
  std::string name;
  for (const char c : task.substr(0, 200)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                       || (c >= '0' && c <= '9') || c == '-' || c == '_'
                       || (c == '.' && !name.empty());
    name += plain ? c : '_';
  }
  return name;
}

} // namespace

result<void> write_file(const std::filesystem::path& path,
                        const std::string& text) {
  auto draft = path;
  draft += ".part";
  std::ofstream file{draft, std::ios::binary | std::ios::trunc};
  file << text;
  if (!text.ends_with('\n'))
    file << '\n';
  file.close();
  std::error_code problem;
  if (file)
    std::filesystem::rename(draft, path, problem);
  if (file && !problem)
    return {};
  return fail(errc::file_unreadable,
              path.string() + " cannot be written: "
                  + (problem ? problem.message() : std::strerror(errno)));
}

std::vector<std::string>
result_file_names(const std::vector<std::string>& tasks) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const auto& task : tasks) {
    const auto base = safe_name(task);
    auto name = base + ".md";
    for (int i = 2; !taken.insert(name).second; ++i)
      name = base + '-' + std::to_string(i) + ".md";
    names.push_back(std::move(name));
  }
  return names;
}

result<void> prepare_folder(const std::string& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (!problem && std::filesystem::is_directory(folder, problem))
    return {};
  return fail(errc::file_unreadable,
              "'" + folder + "' is not a folder and cannot be made one"
                  + (problem ? ": " + problem.message() : ""));
}

result<std::vector<std::string>>
write_results(const protocol::run_report& report, const std::string& folder) {
  const auto tasks = report::final_tasks(report);
  std::vector<std::string> ids;
  ids.reserve(tasks.size());
  for (const auto i : tasks)
    ids.push_back(report.tasks[i].task);
  const auto names = result_file_names(ids);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto path = std::filesystem::path{folder} / names[i];
    if (auto done = write_file(path, report.tasks[tasks[i]].output); !done)
      return done.error();
    paths.push_back(path.string());
  }
  return paths;
}

result<bool> write_record(const runtime& host, protocol::id run,
                          const std::string& file) {
  std::string lines;
  bool is_whole = true;
  protocol::find_messages ask;
  ask.conversation = run;
  for (bool has_more = true; has_more;) {
    auto page = host.messages(ask);
    if (!page)
      return page.error();
    is_whole = is_whole && page->oldest <= 1;
    for (const auto& it : page->messages)
      lines += to_line(it) + '\n';
    has_more = page->has_more;
    ask.after = page->reached;
  }
  if (auto done = write_file(file, lines); !done)
    return done.error();
  return is_whole;
}

void print_results(const protocol::run_report& report, bool color,
                   console& on) {
  for (const auto i : report::final_tasks(report)) {
    const auto& task = report.tasks[i];
    auto text = report::printable(task.output);
    while (text.ends_with('\n'))
      text.pop_back();
    const auto title = "== " + report::printable_line(task.task) + " ==";
    on.out.write(report::painted(title, report::tone::strong, color) + "\n\n"
                 + text + "\n\n");
  }
}

} // namespace troupe::cli
