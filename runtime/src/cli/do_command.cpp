#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "run_followed.hpp"
#include "yaml/file.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/json_text.hpp>
#include <troupe/runtime/orchestrator.hpp>

#include <algorithm>
#include <filesystem>

namespace troupe::cli {

using protocol::result;

namespace {

constexpr std::size_t input_bytes_max = 16U << 20U;

/// A file's name as the name of an input.
std::string name_of(const std::string& path) {
  auto name = std::filesystem::path{path}.filename().string();
  std::replace_if(
      name.begin(), name.end(),
      [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return std::isalnum(byte) == 0 && c != '.' && c != '-';
      },
      '_');
  return name.substr(0, 64);
}

result<std::vector<protocol::task_input>>
read_inputs(const std::vector<std::string>& paths) {
  std::vector<protocol::task_input> all;
  for (const auto& path : paths) {
    auto text = yaml::read_text_file(path, input_bytes_max);
    if (!text)
      return text.error();
    auto& it = all.emplace_back();
    it.name = name_of(path);
    it.text = std::move(*text);
    const auto same = std::count_if(all.begin(), all.end(), [&](auto& other) {
      return other.name == it.name;
    });
    if (same > 1)
      it.name += "-" + std::to_string(same);
  }
  return all;
}

result<goal_plan> make_plan(const do_arguments& given, const setup& with) {
  goal what;
  for (const auto& word : given.words)
    what.text += (what.text.empty() ? "" : " ") + word;
  auto inputs = read_inputs(given.run.inputs);
  if (!inputs)
    return inputs.error();
  what.inputs = std::move(*inputs);
  if (given.run.budget)
    what.budget = *given.run.budget;
  what.seed = given.run.seed.value_or(1);
  auto host = start_host(with);
  if (!host)
    return host.error();
  return plan_goal(*host, what);
}

} // namespace

int achieve_goal(const do_arguments& given, console& on) {
  interrupt_watch watch;
  auto with = load_setup(given.run.common, on);
  if (!with)
    return exit_bad_input;
  apply_run_options(given.run, *with);
  const auto plan = make_plan(given, *with);
  if (!plan)
    return refuse(plan.error(), on);
  if (!given.run.quiet)
    on.err.line(report::printable_line(
        "planned " + std::to_string(plan->mission.tasks.size()) + " tasks "
        + (plan->is_by_rules ? "by rules: " + plan->why
                             : "by a model, for " + for_people(plan->cost))));
  if (given.plans_only) {
    on.out.write(protocol::indented_json(protocol::to_json(plan->mission)));
    return exit_done;
  }
  if (!prepare_out(given.run, on))
    return exit_bad_input;
  const auto start = [&](runtime& host) {
    run_options options;
    options.seed = given.run.seed.value_or(1);
    return host.start(plan->mission, options);
  };
  return start_and_follow(given.run, *with, plan->mission, start, watch, on);
}

} // namespace troupe::cli
