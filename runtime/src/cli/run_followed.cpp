#include "run_followed.hpp"

#include "approval_desk.hpp"
#include "exchange_options.hpp"
#include "exit_code.hpp"
#include "followed_run.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report_file.hpp"
#include "results.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/runtime/runtime.hpp>

namespace troupe::cli {

void apply_run_options(const run_arguments& given, setup& with) {
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

namespace {

report::run_board board_of(protocol::mission mission, const setup& with,
                           const std::vector<protocol::model_spec>& models) {
  settle_tasks(mission, with);
  auto plan = actors::plan_mission(mission, all_agents(mission, with), models,
                                   protocol::token_estimator{});
  return {mission, std::move(plan.estimates), plan.order};
}

/// Shows the run's events until it has ended, or waits for somebody else and
/// can wait in a journal.
void follow(followed_run& run, progress& view, approval_desk& desk,
            bool is_kept, const interrupt_watch& watch) {
  constexpr std::chrono::milliseconds pace{50};
  while (true) {
    const bool finished = run.is_finished(); // before the last events are taken
    if (const auto event = run.next_event(pace)) {
      view.show(*event);
      desk.hear(*event);
    } else if (finished) {
      break;
    } else if (is_kept && desk.waits_for_others()) {
      desk.leave(run);
    }
    desk.serve(run);
    view.tick(watch.resumed());
    if (view.is_abandoned())
      run.cancel("nobody reads the events any more");
  }
  view.finish();
}

/// The models that the router may choose from without being told: the saving
/// is against one of them.
std::vector<protocol::model_spec>
free_choices(std::vector<protocol::model_spec> models) {
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

void explain(const protocol::run_report& report, console& on) {
  for (const auto& it : report.tasks) {
    std::string why = it.why;
    if (it.reused_from)
      why = "taken from run " + to_string(it.reused_from);
    else if (it.attempts == 0)
      why = "did not run";
    else
      why = "ran" + (why.empty() ? std::string{} : ": " + why);
    on.out.line(report::printable_line(it.task + " " + why));
  }
}

/// Of a run of another process `host` is null.
int conclude(const protocol::run_report& report, const run_arguments& given,
             const std::vector<protocol::model_spec>& choices,
             const runtime* host, console& on) {
  const auto summary = actors::summarise(report, choices);
  const auto page = page_for(on.out, given.common.no_color);
  int code = exit_code_for(report);
  if (host != nullptr && !given.record.empty()
      && !record(report, given, *host, on) && code == exit_done)
    code = exit_failed;
  if (host != nullptr && !tell_exchanges(host->exchanges(), given, on)
      && code == exit_done)
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
  if (given.explains)
    explain(report, on);
  return code;
}

/// What the run waits for, and how that is answered.
void tell_questions(const protocol::run_report& report,
                    const approval_desk& desk, console& on) {
  const auto run = to_string(report.run);
  for (const auto& it : desk.left_open()) {
    on.err.line(report::printable_line(it.task + " asks " + it.what));
    on.err.line("  troupe approve " + run + " " + it.task
                + "   (or refuse), then troupe resume " + run);
  }
  if (desk.left_open().empty())
    on.err.line("paused; go on with 'troupe resume " + run + "'");
}

struct follow_place {
  const run_arguments& given;
  const setup& with;
  const std::vector<protocol::model_spec>& models;
  const runtime* host; ///< Null: the run is of another process.
};

int follow_to_end(const follow_place& at, followed_run& run, progress& view,
                  interrupt_watch& watch, console& on) {
  watch.on_stop([&run](std::string reason) { run.cancel(std::move(reason)); });
  approval_desk desk{name_of_user(at.given.by), on};
  const bool is_kept = at.host != nullptr && !at.with.config.journal.empty();
  follow(run, view, desk, is_kept, watch);
  const auto report = run.wait();
  watch.on_stop({}); // it must not outlive the runtime
  if (!report)
    return refuse(report.error(), on);
  const auto code =
      conclude(*report, at.given, free_choices(at.models), at.host, on);
  if (report->state == protocol::run_state::paused)
    tell_questions(*report, desk, on);
  return code;
}

} // namespace

int start_and_follow(
    const run_arguments& given, const setup& with,
    const protocol::mission& mission,
    const std::function<protocol::result<mission_run>(runtime&)>& start,
    interrupt_watch& watch, console& on) {
  auto host = start_host(with);
  if (!host)
    return refuse(host.error(), on);
  const auto models = host->callable_models();
  auto view = make_progress(given, on, board_of(mission, with, models));
  auto run = start(*host);
  if (!run)
    return refuse(run.error(), on);
  own_run followed{*run};
  return follow_to_end({given, with, models, &*host}, followed, *view, watch,
                       on);
}

int follow_far(const run_arguments& given, const setup& with,
               const protocol::mission& mission, const run_options& options,
               far_node& node, interrupt_watch& watch, console& on) {
  const auto offer = node.offer();
  if (!offer)
    return refuse(offer.error(), on);
  auto view = make_progress(given, on, board_of(mission, with, offer->models));
  const auto run = node.start(mission, options);
  if (!run)
    return refuse(run.error(), on);
  return follow_to_end({given, with, offer->models, nullptr}, **run, *view,
                       watch, on);
}

bool prepare_out(const run_arguments& given, console& on) {
  if (given.out.empty())
    return true;
  const auto ready = prepare_folder(given.out);
  if (!ready)
    tell(on, ready.error());
  return ready.has_value();
}

} // namespace troupe::cli
