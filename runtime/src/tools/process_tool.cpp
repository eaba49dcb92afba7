#include "tools/process_tool.hpp"

#include "tools/call_end.hpp"
#include "tools/program.hpp"
#include "tools/tool_text.hpp"
#include "tools/working_folder.hpp"

#include <algorithm>
#include <csignal>
#include <system_error>

namespace troupe::tools {

using protocol::errc;
using protocol::error;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t complaint_bytes = 2U << 10U;

std::string signal_text(const tool_config& config, int signal) {
  if (signal == SIGXCPU)
    return "has used more than " + protocol::for_people(config.cpu_max)
           + " of the processor";
  return "was ended by signal " + std::to_string(signal);
}

/// Why there is no answer, as the model is told.
error failure_of(const tool_config& config, const process_outcome& outcome,
                 bool is_of_task) {
  const auto told = [&](const std::string& what) {
    const auto words = last_words(outcome.complaints, complaint_bytes);
    return fail(errc::tool_failed, "'" + config.name + "' " + what
                                       + (words.empty() ? "" : ": " + words));
  };
  switch (outcome.how) {
  case process_end::cancelled:
    return fail(errc::cancelled, "'" + config.name + "' was stopped");
  case process_end::out_of_time:
    if (is_of_task)
      return fail(errc::deadline_exceeded,
                  "'" + config.name + "' was at work when the task's time "
                      + "was over");
    return told("took longer than " + protocol::for_people(config.timeout));
  case process_end::not_started:
    return told("could not be started: "
                + std::generic_category().message(outcome.code));
  case process_end::output_exceeded:
    return told("said more than " + std::to_string(config.output_max)
                + " bytes");
  case process_end::crowded:
    return told("has started more than " + std::to_string(config.processes_max)
                + " processes");
  case process_end::signalled:
    return told(signal_text(config, outcome.code));
  case process_end::exited:
    return told("ended with code " + std::to_string(outcome.code));
  case process_end::lost:
    break;
  }
  return told("was lost");
}

process_plan plan_of(const tool_config& config) {
  process_plan plan;
  plan.arguments = config.run;
  plan.environment = environment_of(config.environment);
  plan.limits.memory_bytes = config.memory_max;
  plan.limits.cpu_seconds = static_cast<std::uint32_t>(
      std::chrono::ceil<std::chrono::seconds>(config.cpu_max).count());
  plan.limits.files = config.files_max;
  plan.limits.processes = config.processes_max;
  plan.output_bytes = config.output_max;
  return plan;
}

result<std::string> call(const tool_config& config, const std::string& bwrap,
                         const tool_view& it) {
  const auto [due, is_of_task] = end_of_call(config.timeout, it.deadline);
  auto plan = plan_of(config);
  auto file = find_program(config.run.front(), search_path());
  if (!file)
    return file.error();
  plan.file = std::move(*file);
  if (!it.key.empty())
    plan.environment.push_back("TROUPE_TOOL_KEY=" + std::string{it.key});
  const working_folder own{config.folder.empty()};
  plan.folder = config.folder;
  if (config.folder.empty()) {
    if (own.path().empty())
      return fail(errc::tool_failed,
                  "'" + config.name + "' has no folder to work in");
    plan.folder = own.path();
    plan.environment.push_back("TMPDIR=" + own.path());
  }
  if (!bwrap.empty())
    plan = in_sandbox(std::move(plan), bwrap, config.network);
  const auto outcome = run_process(plan, it.arguments, due, it.stop);
  if (outcome.how == process_end::exited && outcome.code == 0)
    return clean_text(outcome.output);
  return failure_of(config, outcome, is_of_task);
}

} // namespace

tool_function make_process_tool(tool_config config, std::string bwrap) {
  return [config = std::move(config),
          bwrap = std::move(bwrap)](const tool_view& it) {
    return call(config, bwrap, it);
  };
}

} // namespace troupe::tools
