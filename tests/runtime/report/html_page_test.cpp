#include "runtime/report/report_samples.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <troupe/protocol/xml.hpp>
#include <troupe/runtime/report.hpp>

#include <set>

using namespace troupe;
using namespace troupe::protocol;

namespace {

constexpr std::string_view first_line = "<!DOCTYPE html>\n";

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos;
       at = text.find(part, at + 1))
    ++count;
  return count;
}

void add_names(xml_element at, std::set<std::string>& names) {
  for (; at; at = at.next_sibling()) {
    names.emplace(at.name());
    add_names(at.first_child(), names);
  }
}

/// The elements of a page; empty when it is not well-formed.
std::set<std::string> elements_of(const std::string& page) {
  std::set<std::string> names;
  if (!page.starts_with(first_line))
    return names;
  const auto document = parse_xml(page.substr(first_line.size()),
                                  {64U << 20U, 32, 1'000'000, 64U << 10U});
  if (!document)
    UNSCOPED_INFO(document.error().detail);
  else
    add_names(document->root(), names);
  return names;
}

const std::set<std::string>& known_elements() {
  static const std::set<std::string> names{
      "html", "head", "meta", "title",   "style",   "body",    "main",
      "h1",   "h2",   "p",    "span",    "dl",      "dt",      "dd",
      "div",  "ul",   "li",   "strong",  "table",   "thead",   "tbody",
      "tr",   "th",   "td",   "caption", "pre",     "svg",     "g",
      "rect", "text", "line", "path",    "section", "details", "summary"};
  return names;
}

void check_page(const std::string& page) {
  const auto names = elements_of(page);
  CHECK(names.contains("main"));
  for (const auto& name : names)
    if (!known_elements().contains(name))
      FAIL_CHECK("an element of its own: " << name);
  CHECK_FALSE(has(page, "<script"));
  CHECK_FALSE(has(page, "\x1b"));
}

} // namespace

TEST_CASE("a page tells figures, failures and outputs, and shows both charts",
          "[html_page]") {
  const auto page = to_html(troupe::test::small_run(), {});
  check_page(page);
  CHECK(has(page, "<h1>Run of example</h1>"));
  CHECK(has(page, "<dt>Exact cost</dt><dd>0.012500001 USD</dd>"));
  CHECK(has(page, "<strong>task judge</strong>"));
  CHECK(has(page, "gate_failed: too short"));
  CHECK(has(page, "<summary>collect</summary><pre>What was found.</pre>"));
  CHECK(count_of(page, "<svg role=\"img\"") == 2);
  CHECK(has(page, "collect: done by reader at m/x, 2.0 s after waiting 1.0 s"));
  CHECK(has(page, "class=\"s-done critical\""));
  CHECK(count_of(page, "class=\"edge critical\"") == 1);
}

TEST_CASE("a page names no address and has no script", "[html_page]") {
  const auto page = to_html(troupe::test::small_run(), {});
  for (const std::string_view each :
       {"http:", "https:", "//", "src=", "href", "<script", "url(", "@import",
        "<iframe", "<img", "<link", "onload"})
    if (has(page, each))
      FAIL_CHECK("the page holds " << each);
  CHECK(has(page, "http-equiv=\"Content-Security-Policy\" content=\"default-src"
                  " 'none'; style-src 'unsafe-inline'; img-src data:\""));
}

TEST_CASE("each hostile text is text wherever it stands in a page",
          "[html_page]") {
  for (const auto& text : troupe::test::hostile_texts()) {
    CAPTURE(text);
    auto run = troupe::test::small_run();
    run.mission = text;
    run.tasks[0].task = text;
    run.tasks[0].agent = run.tasks[0].model = text;
    run.tasks[0].output = run.tasks[0].why = run.tasks[0].decided = text;
    run.tasks[1].needs = {text};
    run.tasks[1].failure->detail = text;
    run.failure = fail(errc::internal, text);
    check_page(to_html(run, {}));
  }
}

TEST_CASE("the page of any run is well-formed", "[html_page]") {
  for (std::uint64_t seed = 1; seed <= troupe::test::rounds(200); ++seed) {
    CAPTURE(seed);
    check_page(to_html(troupe::test::random_run(seed, 30), {}));
  }
}

TEST_CASE("tasks that did not run here are told beside the chart",
          "[html_page]") {
  auto run = troupe::test::small_run();
  task_record task;
  task.state = task_state::omitted;
  for (int i = 0; i < 40; ++i) {
    task.task = "branch" + std::to_string(i);
    run.tasks.push_back(task);
  }
  task.task = "before";
  task.state = task_state::done;
  task.reused_from = {1, 2};
  run.tasks.push_back(task);
  const auto page = to_html(run, {});
  check_page(page);
  CHECK(has(page, "<dt>Omitted (40)</dt><dd>branch0, branch1,"));
  CHECK(has(page, "branch29, and 10 more tasks</dd>"));
  CHECK(has(page, "<dt>Taken from earlier runs (1)</dt><dd>before</dd>"));
}

TEST_CASE("an output of a mebibyte is clipped in a page, and that is told",
          "[html_page]") {
  auto run = troupe::test::small_run();
  run.tasks[0].output = std::string(1U << 20U, '<');
  const auto page = to_html(run, {});
  check_page(page);
  CHECK(has(page, "Not whole: the first 65,536 of 1,048,576 bytes."));
  CHECK(page.size() < (1U << 20U));
}

TEST_CASE("the page of ten thousand hostile tasks is bounded", "[html_page]") {
  run_report run;
  run.mission = std::string(10'000, '"');
  run.started = instant{std::chrono::seconds{1'000}};
  for (int i = 0; i < 10'000; ++i) {
    task_record task;
    task.task = "t" + std::to_string(i) + std::string(1'000, '"');
    task.agent = task.model = task.why = task.decided = task.task;
    task.state = i % 2 == 0 ? task_state::done : task_state::failed;
    task.started = task.ready = run.started + std::chrono::milliseconds{i};
    task.finished = task.started + std::chrono::milliseconds{5};
    task.output = std::string(500, '"');
    task.failure = fail(errc::internal, std::string(2'000, '"'));
    if (i > 0)
      task.needs = {run.tasks.back().task, run.tasks[i / 2U].task};
    run.tasks.push_back(std::move(task));
  }
  run.finished = run.tasks.back().finished;
  const auto page = to_html(run, {});
  check_page(page);
  CHECK(page.size() < (20U << 20U));
  CHECK(has(page, "8,000 more tasks left out of this page."));
  CHECK(has(page, "9,500 tasks left out of the graph."));
  CHECK(has(page, "9,000 more outputs left out of this page."));
}
