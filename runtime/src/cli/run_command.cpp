#include "commands.hpp"
#include "exchange_options.hpp"
#include "exit_code.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report_file.hpp"
#include "results.hpp"
#include "run_finder.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/actors/run_past.hpp>
#include <troupe/protocol/mission_budget.hpp>
#include <troupe/runtime/runtime.hpp>

#include <functional>

namespace troupe::cli {

namespace {

void apply(const run_arguments& given, setup& with) {
  if (!given.journal.empty())
    with.config.journal = given.journal;
  if (given.seed)
    with.config.seed = *given.seed;
  if (!given.record.empty()) {
    with.config.history.enabled = true;
    with.config.history.sample_permille = 1'000;
  }
  apply_exchanges(given, with.config.exchanges);
}

void apply(const run_arguments& given, protocol::mission& mission) {
  if (given.budget)
    protocol::replace_budget(mission, *given.budget);
  if (given.concurrency != 0)
    mission.concurrency = given.concurrency;
  if (!given.model.empty())
    for (auto& task : mission.tasks)
      task.model = given.model;
}

report::run_board board_of(protocol::mission mission, const setup& with,
                           const runtime& host) {
  settle_tasks(mission, with);
  auto plan =
      actors::plan_mission(mission, all_agents(mission, with),
                           host.callable_models(), protocol::token_estimator{});
  return {mission, std::move(plan.estimates), plan.order};
}

/// Shows the run's events until it has ended.
void follow(mission_run& run, progress& view, const interrupt_watch& watch) {
  constexpr std::chrono::milliseconds pace{50};
  while (true) {
    const bool finished = run.is_finished(); // before the last events are taken
    if (const auto event = run.next_event(pace))
      view.show(*event);
    else if (finished)
      break;
    view.tick(watch.resumed());
    if (view.is_abandoned())
      run.cancel("nobody reads the events any more");
  }
  view.finish();
}

/// The models that the router may choose from without being told: the saving
/// is against one of them.
std::vector<protocol::model_spec> free_choices(const runtime& host) {
  auto models = host.callable_models();
  std::erase_if(models, [](const auto& model) { return model.pinned_only; });
  return models;
}

/// False when the file could not be written.
bool record(const protocol::run_report& report, const run_arguments& given,
            const runtime& host, console& on) {
  const auto written = write_record(host, report.run, given.record);
  if (!written) {
    tell(on, written.error());
    return false;
  }
  if (!*written)
    on.err.line("troupe: the record is not whole: see history.entries_max and "
                "history.bytes_max");
  if (!given.quiet)
    on.err.line("wrote " + report::printable_line(given.record));
  return true;
}

/// False when the file could not be written.
bool write_report(const protocol::run_report& report,
                  const protocol::run_summary& summary,
                  const run_arguments& given, console& on) {
  const auto format = format_of({}, given.report).value();
  const auto written =
      write_file(given.report, report_in(format, report, summary));
  if (!written)
    tell(on, written.error());
  else if (!given.quiet)
    on.err.line("wrote " + report::printable_line(given.report));
  return written.has_value();
}

/// Tells what came of the run; returns the exit code.
int conclude(const protocol::run_report& report, const run_arguments& given,
             const runtime& host, console& on) {
  const auto summary = actors::summarise(report, free_choices(host));
  const auto page = page_for(on.out, given.common.no_color);
  int code = exit_code_for(report);
  if (!given.record.empty() && !record(report, given, host, on)
      && code == exit_done)
    code = exit_failed;
  if (!tell_exchanges(host.exchanges(), given, on) && code == exit_done)
    code = exit_failed;
  if (!given.report.empty() && !write_report(report, summary, given, on)
      && code == exit_done)
    code = exit_failed;
  if (!given.out.empty()) {
    const auto written = write_results(report, given.out);
    if (!written) {
      tell(on, written.error());
      code = code == exit_done ? exit_failed : code;
    } else if (!given.quiet) {
      for (const auto& path : *written)
        on.err.line("wrote " + report::printable_line(path));
    }
  }
  if (given.common.json) {
    on.out.line(report::report_json(report, summary));
    return code;
  }
  if (given.out.empty())
    print_results(report, page.color, on);
  on.out.write(report::report_text(report, summary, page));
  return code;
}

/// `start` begins a run of `mission`, or goes on with one.
int start_and_follow(
    const run_arguments& given, const setup& with,
    const protocol::mission& mission,
    const std::function<protocol::result<mission_run>(runtime&)>& start,
    interrupt_watch& watch, console& on) {
  auto host = runtime::create(with.config);
  if (!host)
    return refuse(host.error(), on);
  for (const auto& agent : with.agents)
    if (const auto added = host->add_agent(agent); !added)
      return refuse(added.error(), on);
  auto view = make_progress(given, on, board_of(mission, with, *host));
  auto run = start(*host);
  if (!run)
    return refuse(run.error(), on);
  watch.on_stop([it = *run](std::string reason) mutable {
    it.cancel(std::move(reason));
  });
  follow(*run, *view, watch);
  const auto report = run->wait();
  watch.on_stop({}); // it must not outlive the runtime
  return conclude(report, given, *host, on);
}

bool prepare_out(const run_arguments& given, console& on) {
  if (given.out.empty())
    return true;
  const auto ready = prepare_folder(given.out);
  if (!ready)
    tell(on, ready.error());
  return ready.has_value();
}

} // namespace

int run_mission(const run_arguments& given, console& on) {
  interrupt_watch watch;
  auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  auto mission = load_mission_file(given.mission, given.inputs, *with, on);
  if (!mission)
    return exit_bad_input;
  apply(given, *with);
  apply(given, *mission);
  if (!prepare_out(given, on))
    return exit_bad_input;
  if (watch.has_stopped()) {
    on.err.line("troupe: cancelled before the run had started");
    return exit_cancelled;
  }
  const auto start = [&](runtime& host) {
    run_options options; // budget and model stand in the mission already
    if (given.seed)
      options.seed = *given.seed;
    return host.start(*mission, options);
  };
  return start_and_follow(given, *with, *mission, start, watch, on);
}

int resume_run(const resume_arguments& given, console& on) {
  interrupt_watch watch;
  auto with = load_setup(given.run.common, on);
  if (!with)
    return exit_bad_input;
  apply(given.run, *with);
  protocol::id id;
  protocol::mission mission;
  {
    book_arguments book;
    book.file = with->config.journal;
    book.config = given.run.common.config;
    const auto journal = open_journal(book, "resume", on);
    if (!journal)
      return exit_bad_input;
    const auto run = find_run(*journal, given.id);
    if (!run)
      return refuse(run.error(), on);
    const auto entries = journal->read(*run);
    if (!entries)
      return refuse(entries.error(), on);
    auto past = actors::read_past(*run, *entries);
    if (!past)
      return refuse(past.error(), on);
    id = *run;
    mission = std::move(past->plan.what);
  }
  if (!prepare_out(given.run, on))
    return exit_bad_input;
  const auto start = [&](runtime& host) {
    return host.resume(id);
  };
  return start_and_follow(given.run, *with, mission, start, watch, on);
}

} // namespace troupe::cli
