#include "isolation/agent_process.hpp"

#include "tools/program.hpp"

#include <troupe/actors/log.hpp>

#include <boost/json/serialize.hpp>

#include <system_error>

namespace troupe::isolation {

using protocol::errc;
using protocol::fail;
using protocol::result;
using tools::descriptor;

namespace {

tools::process_plan plan_of(const std::string& agent,
                            const agent_process_options& from) {
  tools::process_plan plan;
  plan.arguments = from.command;
  if (plan.arguments.empty())
    plan.arguments.push_back(agent);
  plan.environment = tools::environment_of(from.environment);
  plan.environment.push_back("TROUPE_AGENT=" + agent);
  plan.folder = from.folder;
  plan.limits = {from.memory_max, 0, from.files_max, from.processes_max};
  return plan;
}

result<std::string> file_of(const agent_process_options& options) {
  if (options.command.empty())
    return std::string{"/proc/self/exe"};
  return tools::find_program(options.command.front(), tools::search_path());
}

/// Where its complaints go: to those of this process.
descriptor complaints() {
  descriptor own{::fcntl(2, F_DUPFD_CLOEXEC, 3)};
  return own.is_open() ? std::move(own)
                       : descriptor{::open("/dev/null", O_WRONLY | O_CLOEXEC)};
}

} // namespace

result<protocol::task_result>
agent_process::perform(const actors::task_work& work) {
  if (has_died()) {
    actors::log(actors::log_level::warn, "isolation", "process.ended_idle",
                "agent=" + agent_);
    end();
  }
  stop_due_ = time_point::max();
  const bool is_running = process_.keeper > 0;
  const auto ready = is_running ? result<void>{} : start(work.stop);
  auto outcome =
      ready ? follow(work) : result<protocol::task_result>{ready.error()};
  if (process_.keeper <= 0 && stop_due_ == time_point::max())
    work.link.give_up_code();
  return outcome;
}

result<void> agent_process::start(const std::stop_token& stop) {
  auto plan = plan_of(agent_, options_);
  auto file = file_of(options_);
  if (!file)
    return fail(errc::unreachable, file.error().detail);
  plan.file = std::move(*file);
  if (options_.resident_max != 0) {
    auto group = tools::make_memory_group(options_.resident_max);
    if (!group)
      return fail(errc::unreachable, group.error().detail);
    plan.group = std::move(*group);
  }
  reader_ = {};
  unsent_.clear();
  sent_ = 0;
  process_ = tools::start_process(plan, complaints().get());
  if (process_.problem != 0)
    return lost("could not be started: "
                + std::generic_category().message(process_.problem));
  patience_ = options_.start_max;
  auto said = next(stop);
  if (!said)
    return said.error();
  const auto* hello = std::get_if<ready>(&*said);
  if (hello == nullptr || hello->agent != agent_)
    return lost("does not serve it: its 'main' must call serve_agents first");
  patience_ = options_.silence_max;
  return {};
}

result<protocol::task_result>
agent_process::follow(const actors::task_work& work) {
  say(begin_task{
      boost::json::serialize(protocol::message_to_json(work.asked))});
  for (;;) {
    auto said = next(work.stop);
    if (!said)
      return said.error();
    if (auto* end = std::get_if<task_ended>(&*said)) {
      auto output = heard(std::move(end->outcome));
      if (!output)
        return output.error();
      protocol::task_result outcome;
      outcome.output = std::move(*output);
      return outcome;
    }
    if (const auto done = serve(work, *said); !done)
      return done.error();
  }
}

result<void> agent_process::serve(const actors::task_work& work,
                                  from_agent& what) {
  if (const auto* far = std::get_if<progressed>(&what)) {
    work.link.progress(far->permille, far->note);
    return {};
  }
  if (const auto* wish = std::get_if<wants_effect>(&what))
    return serve_effect(work, *wish);
  if (auto* wish = std::get_if<asks>(&what)) {
    auto answer =
        work.link.ask({std::move(wish->agent), std::move(wish->skill),
                       std::move(wish->prompt), std::move(wish->inputs)});
    say(answered{answer ? tell(std::move(answer->output))
                        : tell(answer.error())});
    return {};
  }
  if (const auto* wish = std::get_if<wants_tool>(&what)) {
    say(answered{tell(work.link.use_tool(wish->name, wish->arguments))});
    return {};
  }
  return lost("says what it was not asked");
}

result<void> agent_process::serve_effect(const actors::task_work& work,
                                         const wants_effect& what) {
  result<void> state;
  auto outcome = work.link.effect(
      {what.name, what.arguments, what.is_idempotent},
      [&](const std::string& key) -> result<std::string> {
        say(do_effect{key});
        for (;;) {
          auto said = next(work.stop);
          if (said && std::holds_alternative<progressed>(*said))
            continue;
          if (said && std::holds_alternative<effect_done>(*said))
            return heard(std::move(std::get<effect_done>(*said).outcome));
          state = said ? lost("says what it was not asked") : said.error();
          return fail(errc::effect_unknown, state.error().detail);
        }
      });
  if (state)
    say(answered{tell(std::move(outcome))});
  return state;
}

} // namespace troupe::isolation
