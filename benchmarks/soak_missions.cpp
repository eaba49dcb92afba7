#include "soak_missions.hpp"

#include "measure.hpp"

#include <csignal>
#include <stdexcept>

namespace troupe::benchmarks {

using namespace std::chrono_literals;
using protocol::result;
using protocol::run_state;

namespace {

constexpr std::uint64_t pilots = 3;

result<std::string> fly(const task_view& task) {
  if (task.task.seed % 5 == 0 && task.task.attempt == 1)
    (void)std::raise(SIGKILL);
  return "landed";
}

protocol::agent_card card(const std::string& name) {
  protocol::agent_card it;
  it.name = name;
  it.skills = {"any"};
  return it;
}

void must(const result<void>& done) {
  if (!done)
    wrong(done.error().detail);
}

tool_config shell_tool() {
  tool_config it;
  it.name = "count";
  it.description = "Counts the bytes of its arguments";
  it.run = {"wc", "-c"};
  it.sandbox = sandbox_use::none;
  return it;
}

void add_agents(runtime& host) {
  must(host.add_tool({"look", "Looks", R"({"type":"object"})"},
                     [](const tool_view& it) -> result<std::string> {
                       if (it.arguments.size() % 3 == 0)
                         return protocol::fail(protocol::errc::tool_failed,
                                               "nothing to see");
                       return std::string{"seen"};
                     }));
  protocol::agent_spec writer;
  writer.card = card("writer");
  writer.instructions = "Write plainly, in short sentences, for busy readers.";
  writer.tools = {"look", "count"};
  writer.asks = {"helper"};
  must(host.add_agent(writer));
  must(host.add_agent(card("helper"), [](const task_view& it) {
    return result<std::string>{"helped with " + it.task.task};
  }));
  // Fails now and then, by an error or an exception.
  must(host.add_agent(
      card("clerk"),
      [](const task_view& it) -> result<std::string> {
        it.progress(500, "half");
        const auto luck = (it.task.seed + it.task.attempt) % 7;
        if (luck == 0)
          throw std::runtime_error{"no luck"};
        if (luck == 1)
          return protocol::fail(protocol::errc::agent_failed, "no");
        return it.effect("note", "{}", [](const std::string&) {
          return result<std::string>{"noted"};
        });
      },
      execution::blocking));
  for (std::uint64_t i = 0; i < pilots; ++i)
    must(host.add_agent(card("pilot" + std::to_string(i)),
                        agent_process_options{}));
}

constexpr std::size_t told_max = 20;

/// Enough of a run to find out why it ended as it did.
std::string in_words(const protocol::run_report& it) {
  auto text = "run " + to_string(it.run) + " is "
              + std::string{protocol::enum_name(it.state)};
  const auto add = [&](const protocol::error& why) {
    text += std::string{" ("} + std::string{protocol::enum_name(why.code)}
            + ": " + why.detail + ")";
  };
  if (it.failure)
    add(*it.failure);
  for (const auto& task : it.tasks) {
    text += "\n  " + task.task + " of " + task.agent + ": "
            + std::string{protocol::enum_name(task.state)};
    if (task.failure)
      add(*task.failure);
  }
  return text;
}

} // namespace

void soak_counts::tell(std::string what) {
  ++wrong;
  const std::scoped_lock lock{mutex_};
  if (told_.size() < told_max)
    told_.push_back(std::move(what));
}

std::vector<std::string> soak_counts::told() const {
  const std::scoped_lock lock{mutex_};
  return told_;
}

std::string to_text(const soak_counts& it) {
  const auto n = [](const auto& x) {
    return std::to_string(x.load());
  };
  return n(it.runs) + " runs (" + n(it.done) + " done, " + n(it.failed)
         + " failed, " + n(it.cancelled) + " cancelled, " + n(it.resumed)
         + " resumed, " + n(it.refused) + " refused), " + n(it.tasks)
         + " tasks, " + n(it.faults) + " faults, " + n(it.others)
         + " other messages, " + n(it.wrong) + " wrong";
}

std::optional<int> soak_agents() {
  std::vector<hosted_agent> all;
  for (std::uint64_t i = 0; i < pilots; ++i)
    all.push_back({"pilot" + std::to_string(i), fly});
  return serve_agents(all);
}

runtime soak_runtime(const std::filesystem::path& folder) {
  runtime_config config;
  config.journal = (folder / "runs.db").string();
  config.threads = 2;
  config.simulated.latency_scale_permille = 10;
  config.simulated.failure_permille = 50;
  config.history.enabled = true;
  config.log.level = log_level::off;
  config.tools.push_back(shell_tool());
  auto made = runtime::create(config);
  if (!made)
    wrong(made.error().detail);
  add_agents(*made);
  return std::move(*made);
}

protocol::mission soak_driver::next_mission() {
  protocol::mission it;
  it.name = "soak" + std::to_string(below(8));
  it.deadline = 60s;
  it.concurrency = 4;
  const auto size = 1 + below(8);
  for (std::uint64_t i = 0; i < size; ++i) {
    auto& task = it.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    for (std::uint64_t need = 0; need < i; ++need)
      if (below(3) == 0)
        task.needs.push_back("t" + std::to_string(need));
    task.may_fail = true;
    task.retries.pause = 1ms;
    task.prompt = "Do " + task.id + ".";
    switch (below(6)) {
    case 0:
      task.agent = "pilot" + std::to_string(below(pilots));
      break;
    case 1:
    case 2:
      task.agent = "clerk";
      break;
    case 3:
      task.agent = "writer";
      task.prompt = "Use tool:look {\"n\":" + std::to_string(below(1'000))
                    + "} and say what there is.";
      break;
    case 4:
      task.agent = "writer";
      task.prompt = "Use tool:count {\"text\":\"abc\"} and say how many.";
      break;
    default:
      task.agent = below(2) == 0 ? "helper" : "writer";
    }
  }
  return it;
}

void soak_driver::run_one() {
  run_options options;
  options.seed = random_();
  auto run = host_.start(next_mission(), options);
  if (!run) {
    if (run.error().code == protocol::errc::overloaded)
      ++counts_.refused;
    else
      counts_.tell("a start: " + run.error().detail);
    return;
  }
  ++counts_.runs;
  auto how = meddling::none;
  const auto dice = below(12);
  if (dice < 3)
    how = static_cast<meddling>(dice + 1);
  // After some events, so that something is under way.
  for (auto n = how == meddling::none ? 0 : below(12); n > 0; --n)
    (void)run->next_event(100ms);
  if (how == meddling::cancel)
    run->cancel();
  if (how == meddling::pause) {
    run->pause();
    (void)run->next_event(10ms);
    run->go_on();
  }
  if (how == meddling::leave) {
    run->leave();
    const auto left = run->wait();
    if (left.state == run_state::paused) {
      auto again = host_.resume(run->id());
      if (!again) {
        counts_.tell("to resume " + to_string(run->id()) + ": "
                     + again.error().detail);
        return;
      }
      ++counts_.resumed;
      return count(again->wait(), how);
    }
    return count(left, how);
  }
  count(run->wait(), how);
}

/// All tasks may fail, so that a run which nobody cancels is done. A tool that
/// was broken off by leaving is an effect nobody knows of.
bool soak_driver::is_as_expected(const protocol::run_report& report,
                                 meddling how) const {
  switch (report.state) {
  case run_state::done:
    return true;
  case run_state::cancelled:
    return how == meddling::cancel;
  default:
    return how == meddling::leave;
  }
}

void soak_driver::count(const protocol::run_report& report, meddling how) {
  counts_.tasks += report.tasks.size();
  for (const auto& it : report.tasks)
    counts_.faults += it.attempts > 1 ? it.attempts - 1 : 0;
  const bool is_done = report.state == run_state::done;
  const bool is_cancelled = report.state == run_state::cancelled;
  ++(is_done        ? counts_.done
     : is_cancelled ? counts_.cancelled
                    : counts_.failed);
  if (is_as_expected(report, how))
    return;
  constexpr std::string_view done_to_it[] = {"nothing", "cancel", "pause",
                                             "leave"};
  counts_.tell(in_words(report) + "\n  what was done to it: "
               + std::string{done_to_it[static_cast<std::size_t>(how)]});
}

void soak_driver::write_and_tell() {
  auto state = host_.state();
  (void)state.put("soak/" + std::to_string(below(100)),
                  std::to_string(random_()));
  protocol::publish note;
  note.topic = "soak.note";
  note.content = "n";
  (void)host_.publish(note);
  if (below(4) == 0)
    if (auto feed = host_.follow("soak."))
      (void)feed->next(1ms);
  ++counts_.others;
}

void soak_driver::step() {
  if (below(4) == 0)
    write_and_tell();
  else
    run_one();
}

} // namespace troupe::benchmarks
