#pragma once

#include <troupe/protocol/mission.hpp>

#include <string>

/// What is run while its process is killed.
namespace troupe::benchmarks {

inline constexpr std::size_t task_count = 40;
inline constexpr const char* line_schema =
    R"({"type":"object","properties":{"line":{"type":"string"}}})";

/// In layers of 8, each task behind two of the layer before.
inline protocol::mission forty_tasks() {
  protocol::mission mission;
  mission.name = "forty";
  mission.concurrency = 8;
  for (const auto* tool : {"append", "count", "post"}) {
    protocol::agent_spec agent;
    agent.card.name = tool;
    agent.instructions = "Answer in one sentence.";
    agent.tools = {tool};
    mission.agents.push_back(agent);
  }
  for (std::size_t i = 0; i < task_count; ++i) {
    auto& task = mission.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    task.agent = i % 2 == 0   ? "writer"
                 : i % 6 == 1 ? "append"
                 : i % 6 == 3 ? "count"
                              : "post";
    task.prompt =
        "Use tool:" + task.agent + " {\"line\":\"" + task.id + "\"} now.";
    task.output_tokens_max = 60;
    if (i >= 8)
      for (const auto step : {0, 3})
        task.needs.push_back(
            "t" + std::to_string((i / 8 - 1) * 8 + (i + step) % 8));
  }
  return mission;
}

} // namespace troupe::benchmarks
