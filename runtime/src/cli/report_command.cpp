#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report_file.hpp"
#include "results.hpp"
#include "run_finder.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/plan.hpp>

namespace troupe::cli {

namespace {

/// Ids hold neither.
bool is_file(const std::string& run) {
  return run.find_first_of("./") != std::string::npos;
}

/// The report of a kept run, or of a file. Nothing: it was told why not.
std::optional<protocol::run_report> find_report(const report_arguments& given,
                                                console& on, int& code) {
  const auto told = [&](const protocol::error& why) {
    code = refuse(why, on);
    return std::nullopt;
  };
  if (is_file(given.run)) {
    auto report = read_report_file(given.run);
    if (!report)
      return told(report.error());
    return std::move(*report);
  }
  code = exit_bad_input;
  const auto journal = open_journal(given.book, "report", on);
  if (!journal)
    return {};
  const auto past = read_run(*journal, given.run);
  if (!past)
    return told(past.error());
  auto report = report_of(past->run, past->entries);
  if (!report)
    return told(report.error());
  return std::move(*report);
}

} // namespace

int report_run(const report_arguments& given, console& on) {
  const auto format = format_of(given.format, given.output);
  if (!format)
    return refuse(format.error(), on);
  int code = exit_bad_input;
  const auto report = find_report(given, on, code);
  if (!report)
    return code;
  const auto summary = actors::summarise(*report, {});
  if (given.output.empty()) {
    on.out.write(
        *format == report_format::text ? report::report_text(
            *report, summary, page_for(on.out, given.book.no_color))
                                       : report_in(*format, *report, summary));
    return exit_done;
  }
  if (const auto done =
          write_file(given.output, report_in(*format, *report, summary));
      !done)
    return refuse(done.error(), on);
  on.err.line("wrote " + report::printable_line(given.output));
  return exit_done;
}

} // namespace troupe::cli
