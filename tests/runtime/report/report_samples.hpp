#pragma once

#include <troupe/protocol/report.hpp>

#include <array>
#include <random>
#include <string>
#include <vector>

/// Reports for tests of what is made of them.
namespace troupe::test {

/// What missions and models might write to break out of a document.
inline std::vector<std::string> hostile_texts() {
  return {"<script>alert(1)</script>",
          "]]></style></pre><img src=x onerror=alert(1)>",
          R"X(" onload="alert(1)" x='y')X",
          "&amp; &#60;script&#62; &lt;b&gt;",
          "```\n# not a heading\n````text",
          "a | b || c \\| d \\",
          "[click](javascript:alert(1)) ![x](http://evil/x.png)",
          "<!-- --> <?php ?> <!DOCTYPE x> <![CDATA[ x ]]>",
          "\x1b[31mred\x1b[0m\x1b]0;title\x07 \x01\x08\x7f\r\n",
          std::string("nul\0byte", 8),
          "bad \xff\xfe\xc0\xaf utf-8 \xed\xa0\x80 \xe2\x82",
          "\u202Eevil\u2066rtl\u200F \uFEFF",
          "\xEF\xBF\xBE and \xEF\xBF\xBF",
          "https://evil.example/ www.evil.example me@evil.example",
          "**bold** _it_ ~~gone~~ $x$ #tag @someone",
          "\n\n---\n\n| a |\n|---|\n",
          std::string(5'000, 'x'),
          "e" + std::string(4'000, '\xCC') + "\xCC\x81",
          ""};
}

inline protocol::run_report small_run() {
  using protocol::instant;
  using std::chrono::seconds;
  protocol::run_report run;
  run.mission = "example";
  run.state = protocol::run_state::failed;
  run.started = instant{seconds{1'000}};
  run.finished = instant{seconds{1'004}};
  run.concurrency = 5;
  protocol::task_record collect;
  collect.task = "collect";
  collect.agent = "reader";
  collect.model = "m/x";
  collect.state = protocol::task_state::done;
  collect.attempts = 1;
  collect.model_calls = 1;
  collect.used.input = 12'345;
  collect.used.output = 678;
  collect.cost = {12'500'001};
  collect.ready = run.started;
  collect.started = instant{seconds{1'001}};
  collect.finished = instant{seconds{1'003}};
  collect.output = "What was found.";
  protocol::task_record judge;
  judge.task = "judge";
  judge.agent = "critic";
  judge.state = protocol::task_state::failed;
  judge.needs = {"collect"};
  judge.ready = judge.started = collect.finished;
  judge.finished = run.finished;
  judge.failure = protocol::fail(protocol::errc::gate_failed, "too short");
  run.tasks = {collect, judge};
  run.used = collect.used;
  run.cost = collect.cost;
  run.budget = {1'000'000'000};
  return run;
}

/// A run of up to `tasks_max` tasks with any states, needs (also of tasks that
/// are not there, and in circles) and times.
inline protocol::run_report random_run(std::uint64_t seed,
                                       std::size_t tasks_max) {
  std::mt19937_64 draw{seed};
  const auto hostile = hostile_texts();
  const auto below = [&](std::uint64_t end) {
    return draw() % end;
  };
  const auto when = [&]() -> protocol::instant {
    if (below(8) == 0)
      return {};
    return protocol::instant{
        std::chrono::milliseconds{1'000'000 + below(5'000)}};
  };
  protocol::run_report run;
  run.mission = hostile[below(hostile.size())];
  run.state = static_cast<protocol::run_state>(below(5));
  run.started = when();
  run.finished = when();
  run.simulated = below(2) == 0;
  const auto count = below(tasks_max + 1);
  for (std::uint64_t i = 0; i < count; ++i) {
    protocol::task_record task;
    task.task = "t" + std::to_string(i)
                + (below(4) == 0 ? hostile[below(hostile.size())] : "");
    task.agent = hostile[below(hostile.size())];
    task.state = static_cast<protocol::task_state>(below(8));
    for (auto needs = below(4); needs > 0; --needs)
      task.needs.push_back("t" + std::to_string(below(count + 2)));
    task.ready = when();
    task.started = when();
    task.finished = when();
    task.output = hostile[below(hostile.size())];
    task.why = below(3) == 0 ? hostile[below(hostile.size())] : "";
    task.decided = below(3) == 0 ? hostile[below(hostile.size())] : "";
    task.reused_from = {0, below(3)};
    if (task.state == protocol::task_state::failed)
      task.failure = protocol::fail(protocol::errc::internal,
                                    hostile[below(hostile.size())]);
    run.tasks.push_back(std::move(task));
  }
  return run;
}

} // namespace troupe::test
