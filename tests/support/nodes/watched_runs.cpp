#include "support/nodes/watched_runs.hpp"

#include "support/file_text.hpp"

#include <troupe/protocol/json.hpp>
#include <troupe/protocol/report.hpp>

namespace troupe::test {

namespace {

std::string desk_of(const real_nodes& nodes) {
  return nodes.path("desk");
}

/// Whether a run of that name is there in a list of runs, and has ended.
struct listed {
  bool is_there = false;
  bool has_ended = false;
};
listed find_run(const std::string& list, const std::string& name) {
  const auto at = list.find("\"mission\":\"" + name + "\"");
  if (at == std::string::npos)
    return {};
  const auto state = list.substr(list.find("\"state\":", at) + 9, 7);
  return {true, !state.starts_with("running") && !state.starts_with("paused")};
}

} // namespace

watched_runs::watched_runs(real_nodes& nodes, std::string journal)
    : nodes_(nodes), journal_(std::move(journal)), seen_([this] {
        return std::chrono::duration_cast<history_time>(
            std::chrono::steady_clock::now() - began_);
      }),
      desk_(desk_of(nodes), seen_) {}

void watched_runs::begin(const std::string& run, const std::string& node,
                         std::size_t tasks) {
  asked it{"client-" + std::to_string(open_.size()), node, 0, {}};
  client_op write;
  write.client = run;
  write.node = node;
  write.key = write.value = run;
  it.write = seen_.begin(write);
  std::vector<std::string> prompts;
  for (std::size_t i = 0; i < tasks; ++i) {
    client_op effect;
    effect.kind = op_kind::effect;
    effect.client = run + "/" + std::to_string(i);
    effect.node = node;
    effect.key = run + "/t" + std::to_string(i);
    it.effects.push_back(seen_.begin(effect));
    prompts.push_back("pay " + desk_of(nodes_) + " " + effect.key);
  }
  nodes_.begin_run(run, node, prompts, it.client);
  open_.emplace(run, std::move(it));
}

std::size_t watched_runs::done(const std::string& run) const {
  std::size_t count = 0;
  for (const auto& it : seen_.taken().effects)
    count += it.key.starts_with(run + "/") ? 1 : 0;
  return count;
}

bool watched_runs::wait_done(const std::string& run, std::size_t count,
                             ms within) const {
  const auto end = std::chrono::steady_clock::now() + within;
  while (done(run) < count) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    (void)nodes_.bed.wait_line(open_.at(run).client, "nobody says this",
                               ms{20});
  }
  return true;
}

/// A client without a report knows nothing: all of it stays unknown.
void watched_runs::take_report(const std::string& run, const asked& it) {
  const auto json = protocol::parse_json(file_text(nodes_.report_of(run)));
  if (!json || !json->is_object() || json->as_object().count("report") == 0)
    return;
  const auto report =
      protocol::from_json<protocol::run_report>(json->as_object().at("report"));
  if (!report)
    return;
  seen_.end(it.write, op_end::ok, 1);
  for (const auto& task : report->tasks)
    if (task.state == protocol::task_state::done)
      seen_.end(it.effects.at(std::stoul(task.task.substr(1))), op_end::ok);
}

bool watched_runs::end_all(ms within) {
  bool all = true;
  for (auto& [run, it] : std::exchange(open_, {})) {
    if (!nodes_.end_run(run, within))
      all = false;
    take_report(run, it);
    ended_.emplace(run, std::move(it));
  }
  return all;
}

bool watched_runs::read_journal(ms within) {
  const auto end = std::chrono::steady_clock::now() + within;
  std::string list;
  const auto ask = [&] {
    list = nodes_.printed(
        {"runs", "--journal", journal_, "--count", "10000", "--json"});
  };
  const auto is_over = [&] {
    for (const auto& [run, it] : ended_)
      if (const auto found = find_run(list, run);
          found.is_there && !found.has_ended)
        return false;
    return true;
  };
  for (ask(); !is_over(); ask())
    if (std::chrono::steady_clock::now() > end)
      break;
  for (const auto& [run, it] : ended_) {
    client_op read;
    read.kind = op_kind::read;
    read.client = "reader";
    read.node = "journal";
    read.key = run;
    const auto number = seen_.begin(read);
    const bool is_there = find_run(list, run).is_there;
    seen_.end(number, op_end::ok, is_there ? 1 : 0, is_there ? run : "");
  }
  return is_over();
}

} // namespace troupe::test
