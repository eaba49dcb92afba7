#include "support/catch.hpp"
#include "support/runtime/tool_caller.hpp"
#include "support/scratch_folder.hpp"
#include "tools/process_tool.hpp"
#include "tools/program.hpp"

#include <troupe/protocol/unicode_text.hpp>

#include <cstdlib>
#include <filesystem>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using test::shell_tool;

namespace {

/// With TROUPE_TOOL_KEY, until the task's deadline, if any.
protocol::result<std::string> call(const tool_config& config,
                                   std::string_view arguments = "{}",
                                   protocol::instant deadline = {},
                                   const std::stop_token& stop = {}) {
  return tools::make_process_tool(config,
                                  {})({arguments, deadline, stop, "a1b2"});
}

} // namespace

TEST_CASE("a program is called with the arguments as JSON and answers",
          "[process_tool]") {
  auto config = shell_tool("cat; printf ' %s' \"$TROUPE_TOOL_KEY\"");
  CHECK(*call(config, R"({"text": "a 'b' $c `d`"})")
        == R"({"text": "a 'b' $c `d`"} a1b2)");
}

TEST_CASE("a program that fails tells the model why", "[process_tool]") {
  const auto failed = call(shell_tool("echo 'no such port' >&2; exit 2"));
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error().code == errc::tool_failed);
  CHECK(failed.error().detail == "'probe' ended with code 2: no such port");
  CHECK(call(shell_tool("kill -9 $$")).error().detail
        == "'probe' was ended by signal 9");
  auto config = shell_tool("yes");
  config.output_max = 100;
  CHECK(call(config).error().detail == "'probe' said more than 100 bytes");
  config = shell_tool("while :; do :; done");
  config.timeout = 100ms;
  CHECK(call(config).error().detail == "'probe' took longer than 100 ms");
  config.run = {"no-such-program"};
  CHECK(call(config).error().detail == "there is no program 'no-such-program'");
  CHECK(call(config).error().code == errc::tool_failed);
  config.run = {"/etc/passwd"};
  CHECK(call(config).error().code == errc::tool_failed);
}

TEST_CASE("of long complaints the model is told the end", "[process_tool]") {
  const auto failed = call(shell_tool("yes 0123456789 | head -n 1000 >&2; "
                                      "printf '\\377bad' >&2; exit 1"));
  const auto& detail = failed.error().detail;
  CHECK(detail.size() < 2'200);
  CHECK(detail.ends_with("\xEF\xBF\xBD"
                         "bad"));
}

TEST_CASE("R4: a program has what is left of its task's time",
          "[process_tool]") {
  const auto now = std::chrono::system_clock::now();
  const auto failed =
      call(shell_tool("sleep 600"), "{}", protocol::instant{now + 100ms});
  CHECK(failed.error().code == errc::deadline_exceeded);
  CHECK(call(shell_tool("true"), "{}", protocol::instant::max()).has_value());
  CHECK(call(shell_tool("true"), "{}", protocol::instant{now - 1h}).error().code
        == errc::deadline_exceeded);
}

TEST_CASE("R5: a program ends with its task", "[process_tool]") {
  std::stop_source stop;
  stop.request_stop();
  CHECK(call(shell_tool("sleep 600"), "{}", {}, stop.get_token()).error().code
        == errc::cancelled);
}

TEST_CASE("what a program says becomes text that JSON can hold",
          "[process_tool]") {
  CHECK(*call(shell_tool("printf 'a\\377\\300\\200b\\000c'"))
        == "a\xEF\xBF\xBD\xEF\xBF\xBD"
           "b\xEF\xBF\xBD"
           "c");
  const auto random = call(shell_tool("head -c 20000 /dev/urandom"));
  REQUIRE(random.has_value());
  CHECK(protocol::first_not_utf8(*random) == random->size());
}

TEST_CASE("a program sees the variables that were named and no other",
          "[process_tool]") {
  ::setenv("TROUPE_TEST_CANARY_KEY", "canary-7d1f", 1);
  ::setenv("TROUPE_TEST_SHOWN", "yes", 1);
  auto config = shell_tool("cat /proc/self/environ | tr '\\0' '\\n'");
  config.environment = {"PATH", "TROUPE_TEST_SHOWN", "TROUPE_TEST_NOT_SET"};
  const auto seen = call(config);
  REQUIRE(seen.has_value());
  CHECK(seen->find("canary") == std::string::npos);
  CHECK(seen->find("TROUPE_TEST_SHOWN=yes") != std::string::npos);
  CHECK(seen->find("TROUPE_TEST_NOT_SET") == std::string::npos);
  ::unsetenv("TROUPE_TEST_CANARY_KEY");
  ::unsetenv("TROUPE_TEST_SHOWN");
}

TEST_CASE("a program works in a folder of its own, which is removed",
          "[process_tool]") {
  const auto where = call(shell_tool("mkdir -p a/b; touch a/b/c; ln -s / d; "
                                     "test \"$TMPDIR\" = \"$(pwd)\" && pwd"));
  REQUIRE(where.has_value());
  const auto folder = where->substr(0, where->find('\n'));
  CHECK(folder.find("troupe-tool-") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(folder));
  CHECK(std::filesystem::exists("/etc"));
  test::scratch_folder named{"tool"};
  auto config = shell_tool("pwd; touch left");
  config.folder = named.path().string();
  CHECK(*call(config) == named.path().string() + "\n");
  CHECK(std::filesystem::exists(named.path() / "left"));
}

TEST_CASE("a sandbox is asked for no network, no rights and one folder",
          "[process_tool]") {
  tools::process_plan plan;
  plan.file = "/usr/bin/jq";
  plan.arguments = {"jq", "-e", "."};
  plan.folder = "/tmp/x";
  const auto in = tools::in_sandbox(plan, "/usr/bin/bwrap", false);
  CHECK(in.file == "/usr/bin/bwrap");
  std::string words;
  for (const auto& word : in.arguments)
    words += word + ' ';
  CHECK(words
        == "bwrap --die-with-parent --unshare-all --cap-drop ALL --ro-bind / / "
           "--dev /dev --proc /proc --tmpfs /tmp --bind /tmp/x /tmp/x --chdir "
           "/tmp/x -- /usr/bin/jq -e . ");
  const auto open = tools::in_sandbox(plan, "/usr/bin/bwrap", true);
  CHECK(std::count(open.arguments.begin(), open.arguments.end(), "--share-net")
        == 1);
}

TEST_CASE("in a sandbox a program cannot write, call out or see others",
          "[process_tool]") {
  const auto bwrap = tools::find_sandbox();
  if (bwrap.empty()) {
    WARN("skipped: bubblewrap is not there, or may not do its work here");
    return;
  }
  const auto say = [&](const std::string& script) {
    return tools::make_process_tool(shell_tool(script), bwrap)({"{}", {}, {}});
  };
  CHECK(*say("cat; echo; echo hi > file; cat file; ls") == "{}\nhi\nfile\n");
  CHECK_FALSE(say("echo x > /etc/troupe-test").has_value());
  CHECK(*say("tail -n +3 /proc/net/dev | grep -vc ' lo:' || true") == "0\n");
  CHECK(*say("ls /proc | grep -c '^[0-9]*$'") < "7");
  const auto slow = [&] {
    auto config = shell_tool("setsid sleep 600 & sleep 600");
    config.timeout = 300ms;
    return tools::make_process_tool(config, bwrap)({"{}", {}, {}});
  }();
  CHECK(slow.error().detail == "'probe' took longer than 300 ms");
}
