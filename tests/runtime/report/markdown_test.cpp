#include "report/markdown.hpp"
#include "report/report_text.hpp"
#include "report/short_text.hpp"
#include "runtime/report/report_samples.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <troupe/runtime/report.hpp>

#include <algorithm>
#include <set>
#include <sstream>

using namespace troupe;
using namespace troupe::protocol;
using namespace troupe::report;

namespace {

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream from{text};
  for (std::string line; std::getline(from, line);)
    lines.push_back(line);
  return lines;
}

/// Bars that divide cells: those without a backslash before them.
std::size_t bars_in(const std::string& line) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size(); ++i)
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '|')
      ++count;
  return count;
}

/// The lines outside of fences; what stands between these is put to `inside`.
std::vector<std::string> outside_fences(const std::string& document,
                                        std::vector<std::string>& inside) {
  std::vector<std::string> outside;
  std::string fence;
  for (const auto& line : lines_of(document)) {
    if (fence.empty() && line.starts_with("```") && line.ends_with("text")) {
      fence = line.substr(0, line.size() - 4);
      inside.emplace_back();
    } else if (fence.empty()) {
      outside.push_back(line);
    } else if (line == fence) {
      fence.clear();
    } else {
      inside.back() += line + '\n';
    }
  }
  CHECK(fence.empty());
  return outside;
}

} // namespace

TEST_CASE("a report in Markdown has totals, tasks, failures and outputs",
          "[markdown]") {
  const auto text = to_markdown(troupe::test::small_run(), {});
  INFO(text);
  CHECK(has(text, "# Run of example: failed\n"));
  CHECK(has(text, "| State | failed in 4.0 s |"));
  CHECK(has(text, "| Critical path | collect &gt; judge (3.0 s) |"));
  CHECK(has(text, "| Cost | $0.0125 of a budget of $1.00 |"));
  CHECK(has(text, "| Exact cost | 0.012500001 USD |"));
  CHECK(has(text, "| Task | State | Agent | Model | Tries |"));
  CHECK(has(text, "| collect | done | reader | m/x | 1 | 12,345 | 678 |"));
  CHECK(
      has(text, "- **task judge**: `gate_failed`: too short\\\n  The answer "));
  CHECK(has(text, "### collect\n\n```text\nWhat was found.\n```\n"));
  CHECK_FALSE(has(text, "SIMULATED"));
}

TEST_CASE("Markdown's signs are shown and not obeyed", "[markdown]") {
  CHECK(markdown_escaped("*a* _b_ `c` [d](e) <f> g|h \\ ~i~ #j !k")
        == "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &lt;f&gt; g\\|h \\\\ \\~i\\~ "
           "\\#j \\!k");
  CHECK(markdown_escaped("http://x www.y a@b 10:30 v1.2")
        == "http\\://x www\\.y a\\@b 10:30 v1.2");
  CHECK(markdown_escaped("$0.02 and $x$") == "$0.02 and \\$x\\$");
}

TEST_CASE("a fence is longer than the backticks inside", "[markdown]") {
  CHECK(markdown_fenced("a") == "```text\na\n```\n");
  CHECK(markdown_fenced("") == "```text\n```\n");
  CHECK(markdown_fenced("`a` ```\n") == "````text\n`a` ```\n````\n");
  CHECK(markdown_fenced(std::string(9, '`')).starts_with("``````````text\n"));
}

TEST_CASE("no task of any run breaks out of a Markdown report", "[markdown]") {
  for (std::uint64_t seed = 1; seed <= troupe::test::rounds(200); ++seed) {
    CAPTURE(seed);
    const auto run = troupe::test::random_run(seed, 20);
    std::vector<std::string> fenced;
    const auto outside = outside_fences(to_markdown(run, {}), fenced);
    const auto written =
        std::count_if(run.tasks.begin(), run.tasks.end(),
                      [](const auto& it) { return !it.output.empty(); });
    CHECK(fenced.size() == static_cast<std::size_t>(written));
    std::set<std::size_t> widths;
    for (const auto& line : outside) {
      CHECK_FALSE(has(line, "<"));
      CHECK_FALSE(has(line, "\x1b"));
      CHECK_FALSE(has(line, "https://"));
      if (line.starts_with("|"))
        widths.insert(bars_in(line));
    }
    CHECK(widths.size() <= 2); // figures, and tasks
  }
}

TEST_CASE("a long output stands in Markdown up to a mebibyte", "[markdown]") {
  auto run = troupe::test::small_run();
  run.tasks[0].output = std::string(1U << 20U, 'a');
  CHECK(has(to_markdown(run, {}), run.tasks[0].output));
  run.tasks[0].output += "b";
  const auto text = to_markdown(run, {});
  CHECK(has(text, "a\n```\n\nNot whole: the first 1,048,576 of 1,048,577"));
}

TEST_CASE("a short line is bounded in columns and in bytes", "[short_text]") {
  CHECK(short_line("abc", 3) == "abc");
  CHECK(short_line("abcd", 3) == "ab…");
  CHECK(short_line("a\nb", 9) == "a b");
  for (const auto& text : troupe::test::hostile_texts())
    for (const std::size_t columns : {1, 2, 7, 60}) {
      const auto line = short_line(text, columns);
      CHECK(line.size() <= 6 * columns);
      CHECK_FALSE(has(line, "\n"));
    }
  const auto marks = "e" + std::string(50'000, '\xCC');
  CHECK(short_line(marks, 10).ends_with("…"));
}

TEST_CASE("first bytes end between characters", "[short_text]") {
  CHECK(first_bytes("aé", 1) == "a");
  CHECK(first_bytes("aé", 2) == "a");
  CHECK(first_bytes("aé", 3) == "aé");
  CHECK(first_bytes("🙂", 3).empty());
  CHECK(first_bytes("\x80\x80\x80\x80\x80", 4).size() >= 1);
}

TEST_CASE("where results come from is told in text and Markdown",
          "[report_text]") {
  auto run = troupe::test::small_run();
  run.tasks[0].reused_from = {0x0192d3c45e6f7abc, 0x8def0123456789ab};
  run.tasks[1].why = "its prompt has changed";
  run.tasks[1].decided = "anna";
  run.reused = 1;
  run.resumed = 2;
  run.forked_from = {1, 2};
  for (const auto& text : {report_text(run, {}, {}), to_markdown(run, {})}) {
    CHECK(has(text, "from run 0192d3c4-5e6f-7abc-8def-0123456789ab"));
    CHECK(has(text, "its prompt has changed; decided by anna"));
    CHECK(has(text, "1 result of earlier runs"));
    CHECK(has(text, "2 times"));
    CHECK(has(text, "from run 00000000-0000-0001-0000-000000000002"));
  }
}

TEST_CASE("text counts many omitted tasks and lists a few", "[report_text]") {
  auto run = troupe::test::small_run();
  task_record omitted;
  omitted.state = task_state::omitted;
  for (int i = 0; i < 10; ++i) {
    omitted.task = "branch" + std::to_string(i);
    run.tasks.push_back(omitted);
  }
  CHECK(has(report_text(run, {}, {}), "branch7"));
  CHECK(has(report_text(run, {}, {}), "Omitted:       10 tasks"));
  run.tasks.push_back(omitted);
  CHECK_FALSE(has(report_text(run, {}, {}), "branch7"));
  CHECK(has(report_text(run, {}, {}), "Omitted:       11 tasks"));
}
