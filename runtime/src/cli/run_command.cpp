#include "commands.hpp"
#include "exit_code.hpp"
#include "run_finder.hpp"
#include "run_followed.hpp"
#include "yaml/file.hpp"

#include <troupe/actors/run_past.hpp>
#include <troupe/protocol/mission_budget.hpp>

namespace troupe::cli {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t input_bytes_max = 16U << 20U;

void apply(const run_arguments& given, protocol::mission& mission) {
  if (given.budget)
    protocol::replace_budget(mission, *given.budget);
  if (given.concurrency != 0)
    mission.concurrency = given.concurrency;
  if (!given.model.empty())
    for (auto& task : mission.tasks)
      task.model = given.model;
}

run_options options_of(const run_arguments& given) {
  run_options options; // budget and model stand in the mission already
  if (given.seed)
    options.seed = *given.seed;
  if (given.reuses || !given.again.empty()) {
    options.reuse.emplace();
    options.reuse->is_on = true;
    options.reuse->again = given.again;
  }
  return options;
}

struct kept_plan {
  protocol::id run;
  protocol::run_planned plan;
};

/// Nothing: it was told why not; `code` is what to exit with then.
std::optional<kept_plan> read_plan(const std::string& id, const setup& with,
                                   const std::string& config, console& on,
                                   const std::string& command, int& code) {
  book_arguments book;
  book.file = with.config.journal;
  book.config = config;
  const auto journal = open_journal(book, command, on);
  code = exit_bad_input;
  if (!journal)
    return {};
  const auto kept = read_run(*journal, id);
  if (!kept) {
    code = refuse(kept.error(), on);
    return {};
  }
  auto past = actors::read_past(kept->run, kept->entries);
  if (!past) {
    code = refuse(past.error(), on);
    return {};
  }
  return kept_plan{kept->run, std::move(past->plan)};
}

/// `NAME=VALUE`. Errors: `invalid_request`.
result<std::pair<std::string, std::string>> halves(const std::string& text) {
  const auto at = text.find('=');
  if (at == 0 || at == std::string::npos)
    return fail(errc::invalid_request,
                "expected NAME=..., not '" + text.substr(0, 60) + "'");
  return std::pair{text.substr(0, at), text.substr(at + 1)};
}

result<void> replace_input(const std::string& option,
                           protocol::mission& mission) {
  const auto named = halves(option);
  if (!named)
    return named.error();
  for (auto& input : mission.inputs) {
    if (input.name != named->first)
      continue;
    auto text = yaml::read_text_file(named->second, input_bytes_max);
    if (!text)
      return text.error();
    input.text = std::move(*text);
    return {};
  }
  return fail(errc::invalid_request, "the run has no input '" + named->first
                                         + "'; an input in parts has one for "
                                           "each, as in book#3");
}

result<void> replace_prompt(const std::string& option,
                            protocol::mission& mission) {
  const auto named = halves(option);
  if (!named)
    return named.error();
  for (auto& task : mission.tasks)
    if (task.id == named->first) {
      task.prompt = named->second;
      return {};
    }
  return fail(errc::invalid_request,
              "the run has no task '" + named->first + "'");
}

result<void> change(const fork_arguments& given, protocol::mission& mission) {
  for (const auto& it : given.run.inputs)
    if (auto done = replace_input(it, mission); !done)
      return done;
  for (const auto& it : given.prompts)
    if (auto done = replace_prompt(it, mission); !done)
      return done;
  for (const auto& it : given.run.again)
    if (std::none_of(mission.tasks.begin(), mission.tasks.end(),
                     [&](const auto& task) { return task.id == it; }))
      return fail(errc::invalid_request, "the run has no task '" + it + "'");
  return {};
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
  apply_run_options(given, *with);
  apply(given, *mission);
  if (!prepare_out(given, on))
    return exit_bad_input;
  if (watch.has_stopped()) {
    on.err.line("troupe: cancelled before the run had started");
    return exit_cancelled;
  }
  const auto start = [&](runtime& host) {
    return host.start(*mission, options_of(given));
  };
  return start_and_follow(given, *with, *mission, start, watch, on);
}

int resume_run(const resume_arguments& given, console& on) {
  interrupt_watch watch;
  auto with = load_setup(given.run.common, on);
  if (!with)
    return exit_bad_input;
  apply_run_options(given.run, *with);
  int code = exit_done;
  const auto kept =
      read_plan(given.id, *with, given.run.common.config, on, "resume", code);
  if (!kept)
    return code;
  if (!prepare_out(given.run, on))
    return exit_bad_input;
  const auto start = [&](runtime& host) {
    return host.resume(kept->run);
  };
  return start_and_follow(given.run, *with, kept->plan.what, start, watch, on);
}

int fork_run(const fork_arguments& given, console& on) {
  interrupt_watch watch;
  auto with = load_setup(given.run.common, on);
  if (!with)
    return exit_bad_input;
  apply_run_options(given.run, *with);
  int code = exit_done;
  auto kept =
      read_plan(given.id, *with, given.run.common.config, on, "fork", code);
  if (!kept)
    return code;
  auto& mission = kept->plan.what;
  if (auto changed = change(given, mission); !changed)
    return refuse(changed.error(), on);
  if (!prepare_out(given.run, on))
    return exit_bad_input;
  run_options options;
  options.seed = kept->plan.seed;
  options.forked_from = kept->run;
  options.reuse = protocol::reuse_spec{true, kept->run, given.run.again};
  const auto start = [&](runtime& host) {
    return host.start(mission, options);
  };
  return start_and_follow(given.run, *with, mission, start, watch, on);
}

} // namespace troupe::cli
