#include "cli/completion.hpp"
#include "cli/exit_code.hpp"
#include "cli/results.hpp"
#include "support/catch.hpp"

using namespace troupe::cli;
using namespace troupe::protocol;

TEST_CASE("the exit code tells what kind of failure it was", "[exit_code]") {
  CHECK(exit_code_for(errc::mission_invalid) == 2);
  CHECK(exit_code_for(errc::key_file_open) == 2);
  CHECK(exit_code_for(errc::provider_unauthorized) == 2);
  CHECK(exit_code_for(errc::budget_exhausted) == 3);
  CHECK(exit_code_for(errc::cancelled) == 130);
  CHECK(exit_code_for(errc::internal) == 1);
  CHECK(exit_code_for(errc::runtime_ended) == 5);
}

TEST_CASE("a run's exit code is that of its worst outcome", "[exit_code]") {
  run_report report;
  report.state = run_state::done;
  CHECK(exit_code_for(report) == 0);
  report.state = run_state::failed;
  CHECK(exit_code_for(report) == 1);
  report.tasks.resize(2);
  report.tasks[0].failure = fail(errc::gate_failed, "");
  CHECK(exit_code_for(report) == 1);
  report.tasks[1].failure = fail(errc::provider_unauthorized, "");
  CHECK(exit_code_for(report) == 1);
  report.tasks[1].failure = fail(errc::budget_exhausted, "");
  CHECK(exit_code_for(report) == 3);
  report.state = run_state::cancelled;
  CHECK(exit_code_for(report) == 130);
  report.state = run_state::paused; // it can be resumed
  CHECK(exit_code_for(report) == 4);
  report.failure = fail(errc::runtime_ended, "");
  CHECK(exit_code_for(report) == 5);
}

TEST_CASE("names of result files cannot lead out of their folder",
          "[results]") {
  CHECK(result_file_names({"a", "b.c", "a/b", "../../etc/passwd", "..", ".x",
                           "read#3", "a_b"})
        == std::vector<std::string>{"a.md", "b.c.md", "a_b.md",
                                    "_._.._etc_passwd.md", "_..md", "_x.md",
                                    "read_3.md", "a_b-2.md"});
}

TEST_CASE("completion knows three shells", "[completion]") {
  const std::vector<command_words> commands{
      {"run", "Run it", {{"--budget", "It's US dollars", true, false, {}}}, {}},
      {"errors", "Explain", {}, {"internal", "cancelled"}}};
  CHECK(completion_script("bash", commands).find("complete -F _troupe")
        != std::string::npos);
  CHECK(completion_script("zsh", commands).starts_with("#compdef troupe"));
  CHECK(completion_script("fish", commands).find("-l budget -x")
        != std::string::npos);
  CHECK(completion_script("tcsh", commands).empty());
  for (const auto* shell : {"bash", "zsh", "fish"})
    CHECK(completion_script(shell, commands).find("It's") == std::string::npos);
}
