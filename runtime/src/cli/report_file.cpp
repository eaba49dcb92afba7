#include "report_file.hpp"

#include "report/html_page.hpp"
#include "report/markdown.hpp"
#include "report/report_text.hpp"
#include "report/task_row.hpp"

#include <troupe/protocol/json.hpp>

#include <filesystem>
#include <fstream>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// From 1970, and of all times of a report together.
constexpr auto longest = std::chrono::hours{24} * 365 * 200;

/// Of a report's line.
constexpr std::size_t line_bytes_max = 256U << 20U;

/// The last line of a file that is not empty. One that is too long is cut, and
/// is no JSON then.
std::string last_line(std::istream& from) {
  std::string last;
  std::string line;
  for (int c = from.get(); c != std::istream::traits_type::eof();
       c = from.get()) {
    if (c != '\n') {
      if (line.size() <= line_bytes_max)
        line += static_cast<char>(c);
    } else if (!line.empty()) {
      last.swap(line);
      line.clear();
    }
  }
  return line.empty() ? last : line;
}

/// Times of which differences can be taken.
bool is_plausible(protocol::instant when) {
  return when >= protocol::instant{} && when < protocol::instant{longest};
}

/// Sums up lengths of time; false when they are more than can be said.
bool is_added(std::uint64_t& sum, protocol::duration more) {
  constexpr std::uint64_t most = std::chrono::nanoseconds{longest}.count();
  sum += static_cast<std::uint64_t>(more.count());
  return sum <= most;
}

/// False for a report whose times cannot be reckoned with.
bool is_plausible(const protocol::run_report& report) {
  if (!is_plausible(report.started) || !is_plausible(report.finished))
    return false;
  std::uint64_t worked = 0;
  std::uint64_t estimated = 0;
  for (const auto& task : report.tasks) {
    if (!is_plausible(task.ready) || !is_plausible(task.started)
        || !is_plausible(task.finished) || task.estimate.time.count() < 0)
      return false;
    if (!is_added(worked, report::time_of(task))
        || !is_added(estimated, task.estimate.time))
      return false;
  }
  return true;
}

} // namespace

result<report_format> format_of(const std::string& name,
                                const std::string& file) {
  if (name == "text")
    return report_format::text;
  if (name == "json")
    return report_format::json;
  if (name == "markdown")
    return report_format::markdown;
  if (name == "html")
    return report_format::html;
  if (!name.empty())
    return fail(errc::invalid_request,
                "no format '" + name + "': text, json, markdown or html");
  const auto ending = std::filesystem::path{file}.extension();
  if (ending == ".json" || ending == ".jsonl")
    return report_format::json;
  if (ending == ".md" || ending == ".markdown")
    return report_format::markdown;
  if (ending == ".html" || ending == ".htm")
    return report_format::html;
  return report_format::text;
}

std::string report_in(report_format format, const protocol::run_report& report,
                      const protocol::run_summary& summary) {
  switch (format) {
  case report_format::json:
    return report::report_json(report, summary) + '\n';
  case report_format::markdown:
    return report::report_markdown(report, summary);
  case report_format::html:
    return report::report_html(report, summary);
  case report_format::text:
    break;
  }
  return report::report_text(report, summary, {});
}

result<protocol::run_report> read_report_file(const std::string& file) {
  std::error_code ignored;
  std::ifstream from{file, std::ios::binary};
  if (!from || std::filesystem::is_directory(file, ignored))
    return fail(errc::file_unreadable, file);
  const auto json =
      protocol::parse_json(last_line(from), {line_bytes_max, 64, 20'000'000});
  if (!json)
    return fail(json.error().code, file + ": " + json.error().detail);
  const auto* members = json->if_object();
  const auto* found =
      members == nullptr ? nullptr : members->if_contains("report");
  if (found == nullptr)
    return fail(errc::malformed_message,
                file + ": its last line has no 'report'");
  auto report = protocol::from_json<protocol::run_report>(*found);
  if (!report)
    return fail(report.error().code, file + ": " + report.error().detail);
  if (!is_plausible(*report))
    return fail(errc::malformed_message, file + ": it has times out of range");
  return report;
}

} // namespace troupe::cli
