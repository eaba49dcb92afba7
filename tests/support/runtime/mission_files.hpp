#pragma once

#include "support/runtime/mission_agents.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/mission_file.hpp"

#include <algorithm>
#include <string>

namespace troupe::test {

/// Missions in a folder of their own, for the agents of the tests.
class mission_files {
public:
  explicit mission_files(const std::string& name) : folder_{name} {}

  void write(const std::string& name, std::string_view text) const {
    (void)folder_.write(name, text);
  }

  /// The mission `outer.yaml`, which is written with these lines behind its
  /// name.
  [[nodiscard]] loaded_mission load(const std::string& lines) const {
    write("outer.yaml", "mission: outer\n" + lines);
    mission_options options;
    options.known_agents = test_cards();
    return load_mission(folder_.path() / "outer.yaml", options);
  }

  /// All problems, each as `file:line: what`.
  [[nodiscard]] std::string problems(const std::string& lines) const {
    std::string all;
    for (const auto& it : load(lines).problems)
      all += std::filesystem::path{it.file}.filename().string() + ":"
             + std::to_string(it.line) + ": " + it.message + "\n";
    return all;
  }

  /// Runs it with simulated models that answer at once.
  [[nodiscard]] protocol::result<protocol::run_report>
  run(const std::string& lines) const {
    auto loaded = load(lines);
    if (!loaded.mission)
      return protocol::fail(protocol::errc::mission_invalid,
                            to_text(loaded.problems));
    runtime_config config;
    config.simulated.latency_scale_permille = 0;
    auto host = runtime::create(config);
    if (!host)
      return host.error();
    if (auto added = add_test_agents(*host, false); !added)
      return added.error();
    return host->run(std::move(*loaded.mission));
  }

private:
  scratch_folder folder_;
};

/// The task's record; null: there is none.
[[nodiscard]] inline const protocol::task_record*
record_of(const protocol::run_report& report, const std::string& id) {
  const auto at = std::find_if(report.tasks.begin(), report.tasks.end(),
                               [&](const auto& it) { return it.task == id; });
  return at == report.tasks.end() ? nullptr : &*at;
}

} // namespace troupe::test
