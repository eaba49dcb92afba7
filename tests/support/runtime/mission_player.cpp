// How the acceptance missions are run.
#include "support/runtime/mission_agents.hpp"
#include "support/runtime/mission_cases.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/mission_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <sstream>

namespace troupe::test {

namespace {

using protocol::event_kind;

constexpr std::chrono::seconds patience{20};
/// Nobody listens there.
constexpr auto nowhere = "http://127.0.0.1:9/v1";
constexpr auto key_variable = "TROUPE_TEST_KEY_OF_NOWHERE";

protocol::money money_of(const std::string& text) {
  const auto read = protocol::parse_money(text);
  return read ? *read : protocol::money{};
}

mission_outcome refused(std::string state, std::vector<std::string> why) {
  mission_outcome it;
  it.state = std::move(state);
  it.problems = std::move(why);
  return it;
}

mission_outcome refused(const protocol::error& why) {
  return refused("refused",
                 {std::string{to_string(why.code)} + ": " + why.detail});
}

/// OpenAI, where nobody is, beside the simulated models.
std::vector<provider_config> cut_providers() {
  ::setenv(key_variable, "sk-nobody-is-there-to-read-it", 1);
  std::vector<provider_config> kept;
  for (auto& it : default_providers()) {
    if (it.name == "openai") {
      it.base_url = nowhere;
      it.api_key_env = key_variable;
    } else if (it.name != "simulated") {
      continue;
    }
    it.is_preset = false;
    kept.push_back(it);
  }
  return kept;
}

runtime_config config_of(const mission_case& it, const std::string& journal) {
  runtime_config config;
  config.threads = 2;
  config.simulated.latency_scale_permille = 0;
  config.log.level = log_level::off;
  config.journal = journal;
  for (const auto& line : it.lines)
    if (line.key == "limit") {
      auto& account = config.budgets.emplace_back();
      account.path = line.what;
      account.limit = money_of(line.value);
    }
  if (it.find("cut-network") != nullptr) {
    config.providers = cut_providers();
    config.routing.attempts_max = 1;
  }
  return config;
}

/// A process with the agents of the tests.
protocol::result<runtime> host_of(const mission_case& it,
                                  const std::string& journal,
                                  bool is_second = false) {
  auto host = runtime::create(config_of(it, journal));
  if (!host)
    return host;
  if (auto added = add_test_agents(*host, is_second); !added)
    return added.error();
  return host;
}

/// Says yes or no as the lines do, each line once.
class decisions {
public:
  explicit decisions(const mission_case& it) {
    for (const auto& line : it.lines)
      if (line.key == "decide")
        left_.push_back(line);
  }

  void take(mission_run& run, const std::string& task,
            std::vector<std::string>& problems) {
    const auto found =
        std::find_if(left_.begin(), left_.end(),
                     [&](const mission_line& it) { return it.what == task; });
    if (found == left_.end())
      return; // nobody answers
    std::istringstream words{found->value};
    std::string yes;
    std::string who;
    words >> yes >> who >> std::ws;
    std::string note;
    std::getline(words, note);
    left_.erase(found);
    if (auto decided = run.decide(task, yes == "yes", who, note); !decided)
      problems.push_back(decided.error().detail);
  }

  /// Questions that were never put.
  void tell_left(std::vector<std::string>& problems) const {
    for (const auto& it : left_)
      problems.push_back("task '" + it.what + "' has not asked");
  }

private:
  std::vector<mission_line> left_;
};

/// Follows a run to its end.
mission_outcome end_of(mission_run run, const mission_case& it) {
  mission_outcome outcome;
  decisions people{it};
  while (const auto event = run.next_event(patience)) {
    outcome.events.push_back(*event);
    if (event->kind == event_kind::approval_asked)
      people.take(run, event->task, outcome.problems);
  }
  people.tell_left(outcome.problems);
  if (!run.is_finished()) {
    outcome.problems.emplace_back("nothing happened for 20 s");
    run.cancel();
  }
  outcome.report = run.wait();
  outcome.state = protocol::enum_name(outcome.report.state);
  return outcome;
}

mission_outcome play_on(runtime& host, const mission_case& it,
                        const protocol::mission& mission, run_options options) {
  if (it.find("budget") != nullptr)
    options.budget = money_of(it.value_of("budget"));
  auto run = host.start(mission, options);
  return run ? end_of(*run, it) : refused(run.error());
}

/// A second run, in which results of the first stand in for work.
mission_outcome play_again(runtime& host, const mission_case& it,
                           const protocol::mission& mission) {
  auto first = play_on(host, it, mission, {});
  if (first.state != "done")
    return first;
  run_options options;
  auto& reuse = options.reuse.emplace();
  reuse.is_on = true;
  reuse.again = {it.value_of("again")};
  return play_on(host, it, mission, options);
}

/// Until that task is done and the next one is at work; false: it never was.
bool comes_behind(mission_run& run, const std::string& task) {
  bool is_done = false;
  while (const auto event = run.next_event(patience)) {
    is_done = is_done
              || (event->kind == event_kind::task_done && event->task == task);
    if (is_done && event->kind == event_kind::task_started)
      return true;
  }
  return false;
}

/// What a kill leaves behind is what the journal holds at that moment: it is
/// copied while a task is at work, and the run goes on from the copy.
mission_outcome play_killed(const mission_case& it,
                            const protocol::mission& mission,
                            const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder / "first", failed);
  protocol::id id;
  {
    auto host = host_of(it, (folder / "first" / "runs.db").string());
    if (!host)
      return refused(host.error());
    auto run = host->start(mission);
    if (!run)
      return refused(run.error());
    id = run->id();
    if (!comes_behind(*run, it.value_of("resume-after")))
      return refused("never there", {"the task to be killed behind"});
    std::filesystem::copy(folder / "first", folder / "second",
                          std::filesystem::copy_options::recursive, failed);
    run->cancel();
    (void)run->wait();
  }
  if (failed)
    return refused("not copied", {failed.message()});
  auto host = host_of(it, (folder / "second" / "runs.db").string(), true);
  if (!host)
    return refused(host.error());
  auto run = host->resume(id);
  return run ? end_of(*run, it) : refused(run.error());
}

} // namespace

mission_outcome play(const mission_case& it) {
  mission_options options;
  options.known_agents = test_cards();
  const auto loaded = load_mission(it.file, options);
  if (!loaded.mission) {
    std::vector<std::string> why;
    for (const auto& problem : loaded.problems)
      why.push_back(to_text(problem));
    return refused("invalid", std::move(why));
  }
  const scratch_folder folder{"mission-" + it.file.stem().string()};
  if (it.find("resume-after") != nullptr)
    return play_killed(it, *loaded.mission, folder.path());
  const bool is_kept =
      it.find("journal") != nullptr || it.find("again") != nullptr;
  auto host = host_of(it, is_kept ? (folder.path() / "runs.db").string() : "");
  if (!host)
    return refused(host.error());
  if (it.find("again") != nullptr)
    return play_again(*host, it, *loaded.mission);
  return play_on(*host, it, *loaded.mission, {});
}

} // namespace troupe::test
