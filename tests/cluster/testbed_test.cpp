#include "cluster/nodes/line_node.hpp"
#include "support/catch.hpp"
#include "support/cluster/fault_proxy.hpp"
#include "support/cluster/line_talk.hpp"
#include "support/cluster/testbed.hpp"

#include <csignal>
#include <optional>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>

using namespace std::chrono_literals;
using troupe::test::descriptor;
using troupe::test::line_talk;
using troupe::test::testbed;

namespace {

/// So long nothing is expected to come.
constexpr auto quiet = 300ms;
/// So long it may take on a busy machine.
constexpr auto soon = 20s;
constexpr int port = 7000;

/// True, and said so, where no testbed can be made.
bool is_skipped() {
  static const auto why = troupe::test::why_no_networks();
  if (!why.empty())
    WARN("skipped: " << why);
  return !why.empty();
}

void start_echo(testbed& bed, const std::string& node) {
  bed.start(node,
            {TROUPE_BINARY_DIR "/tests/bin/troupe_cluster_echo", "listen",
             std::to_string(port)},
            {"ECHO_NAME=" + node});
  REQUIRE(bed.wait_line(node, "listening", soon));
}

line_talk talk(testbed& bed, const std::string& from, const std::string& to,
               std::chrono::milliseconds within = soon) {
  return line_talk{bed.connect(from, to, port, within)};
}

} // namespace

TEST_CASE("nodes reach one another and nothing else", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  start_echo(bed, "b");
  auto with_a = talk(bed, "b", "a");
  CHECK(with_a.ask("hello", soon) == "a hello");
  CHECK(talk(bed, "a", "b").ask("hello", soon) == "b hello");
  CHECK(talk(bed, "client", "b").ask("hello", soon) == "b hello");
  CHECK(bed.address("a") != bed.address("b"));
  // From the machine itself there is no way in.
  const troupe::test::net_namespace outside;
  CHECK(outside.connect(bed.address("a"), port, 200ms).get() < 0);
}

TEST_CASE("a part of the test itself may live on a node", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  start_echo(bed, "b");
  bed.cut("client", "b");
  bed.inside("client", [&] {
    // A thread of its own is there, too.
    std::jthread{[&] {
      const auto a = troupe::test::connect_to(bed.address("a"), port);
      CHECK(line_talk{descriptor{a}}.ask("hello", soon) == "a hello");
    }}.join();
    CHECK(troupe::test::connect_to(bed.address("b"), port) < 0);
  });
  CHECK_THROWS_AS(bed.inside("client", [] { throw 7; }), int);
}

TEST_CASE("a link of two nodes may lead through a proxy", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  troupe::test::proxy_plan plan;
  plan.server = port;
  plan.server_address = bed.address("a");
  plan.listens_at = "0.0.0.0";
  plan.listens_port = port;
  plan.to_server.faults = {{troupe::test::stream_fault_kind::corrupt, 1}};
  std::optional<troupe::test::fault_proxy> wire;
  bed.inside("wire", [&] { wire.emplace(plan); });
  auto with_a = talk(bed, "client", "wire");
  CHECK(with_a.ask("aaa", soon) == "a a`a");
  bed.cut("wire", "a");
  CHECK_FALSE(with_a.ask("2", quiet));
  bed.heal_all();
  CHECK(with_a.receive(soon) == "a 2");
}

TEST_CASE("two testbeds do not meet", "[testbed]") {
  if (is_skipped())
    return;
  testbed one;
  testbed two;
  start_echo(one, "a");
  start_echo(two, "b");
  CHECK(one.address("a") == two.address("b"));
  CHECK(talk(one, "client", "a").ask("who", soon) == "a who");
  CHECK(talk(two, "client", "b").ask("who", soon) == "b who");
}

TEST_CASE("a cut link loses all and tells nobody, until it is healed",
          "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  start_echo(bed, "b");
  auto cut_one = talk(bed, "client", "a");
  auto other = talk(bed, "client", "b");
  CHECK(cut_one.ask("1", soon) == "a 1");
  bed.cut("client", "a");
  CHECK_FALSE(cut_one.ask("2", quiet));
  CHECK_FALSE(cut_one.has_ended());
  CHECK_FALSE(talk(bed, "client", "a", quiet).is_open());
  CHECK(other.ask("3", soon) == "b 3");
  CHECK(talk(bed, "b", "a").ask("4", soon) == "a 4");
  bed.heal("client", "a");
  CHECK(cut_one.receive(soon) == "a 2");
}

TEST_CASE("a link that is cut one way carries what goes the other way",
          "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  auto with_a = talk(bed, "client", "a");
  CHECK(with_a.ask("1", soon) == "a 1");
  bed.cut_one_way("a", "client");
  CHECK_FALSE(with_a.ask("2", quiet));
  CHECK(bed.wait_line("a", "got 2", soon));
  bed.heal("a", "client");
  CHECK(with_a.receive(soon) == "a 2");
  bed.cut_one_way("client", "a");
  CHECK_FALSE(with_a.ask("3", quiet));
  CHECK_FALSE(bed.wait_line("a", "got 3", 50ms));
  bed.heal_all();
  CHECK(with_a.receive(soon) == "a 3");
}

TEST_CASE("an isolated node is alone with itself", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  for (const auto* node : {"a", "b", "c"})
    start_echo(bed, node);
  bed.isolate("a");
  CHECK_FALSE(talk(bed, "b", "a", quiet).is_open());
  CHECK_FALSE(talk(bed, "a", "c", quiet).is_open());
  CHECK(talk(bed, "b", "c").ask("1", soon) == "c 1");
  CHECK(talk(bed, "a", "a").ask("1", soon) == "a 1");
  bed.heal_all();
  CHECK(talk(bed, "b", "a").ask("1", soon) == "a 1");
}

TEST_CASE("of a lossy link some packets come through", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  auto with_a = talk(bed, "client", "a");
  bed.lose("client", "a", 20);
  bed.lose("a", "client", 20);
  for (int i = 0; i < 20; ++i) {
    const auto text = std::to_string(i);
    REQUIRE(with_a.ask(text, soon) == "a " + text);
  }
}

TEST_CASE("a flapping link carries all in the end", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  auto with_a = talk(bed, "client", "a");
  {
    const auto flaps = bed.flap("client", "a", 30ms, 60ms);
    for (int i = 0; i < 20; ++i) {
      const auto text = std::to_string(i);
      REQUIRE(with_a.ask(text, soon) == "a " + text);
    }
  }
  CHECK(with_a.ask("last", soon) == "a last");
}

TEST_CASE("a killed node is gone at once and may be started again",
          "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  auto with_a = talk(bed, "client", "a");
  CHECK(with_a.ask("1", soon) == "a 1");
  const auto pid = bed.pid("a");
  const auto address = bed.address("a");
  bed.kill9("a");
  CHECK(::kill(pid, 0) != 0);
  CHECK_FALSE(with_a.receive(soon));
  CHECK(with_a.has_ended());
  CHECK_THROWS(bed.kill9("a"));
  start_echo(bed, "a");
  CHECK(bed.address("a") == address);
  CHECK(talk(bed, "client", "a").ask("2", soon) == "a 2");
  CHECK_THROWS(bed.start("a", {"true"}));
}

TEST_CASE("when a machine loses its power nobody is told", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  start_echo(bed, "b");
  bed.cut_one_way("b", "a");
  auto with_a = talk(bed, "client", "a");
  CHECK(with_a.ask("1", soon) == "a 1");
  bed.power_off("a");
  CHECK_FALSE(with_a.ask("2", quiet));
  CHECK_FALSE(with_a.has_ended());
  CHECK_THROWS(bed.power_off("a"));
  start_echo(bed, "a");
  // The new kernel does not know the old connection, and says so.
  CHECK_FALSE(with_a.receive(soon));
  CHECK(with_a.has_ended());
  CHECK(talk(bed, "client", "a").ask("3", soon) == "a 3");
  CHECK_FALSE(talk(bed, "b", "a", quiet).is_open()); // still cut
}

TEST_CASE("a killed node's kernel still sends, that of a dark machine does not",
          "[testbed]") {
  if (is_skipped())
    return;
  for (const bool goes_dark : {false, true}) {
    testbed bed;
    start_echo(bed, "a");
    auto with_a = talk(bed, "client", "a");
    CHECK(with_a.ask("1", soon) == "a 1");
    bed.cut_one_way("a", "client");
    CHECK(with_a.send("2"));
    CHECK(bed.wait_line("a", "got 2", soon));
    // It has answered when it takes the next line.
    CHECK(with_a.send("3"));
    CHECK(bed.wait_line("a", "got 3", soon));
    goes_dark ? bed.power_off("a") : bed.kill9("a");
    bed.heal_all();
    CHECK(with_a.receive(goes_dark ? quiet : soon).has_value() != goes_dark);
  }
}

TEST_CASE("a paused node answers when it goes on", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  auto with_a = talk(bed, "client", "a");
  bed.pause("a");
  CHECK_FALSE(with_a.ask("1", quiet));
  CHECK_FALSE(with_a.has_ended());
  bed.resume("a");
  CHECK(with_a.receive(soon) == "a 1");
  bed.pause("a"); // and is killed as it stands
}

TEST_CASE("how a node has ended is told, and what it has said", "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  bed.start("a", {TROUPE_BINARY_DIR "/tests/bin/troupe_cluster_echo", "say",
                  "farewell"});
  CHECK(bed.wait_line("a", "well", soon) == "farewell");
  CHECK(bed.wait_end("a", soon) == 7);
  CHECK(bed.output().find("farewell") != std::string::npos);
  start_echo(bed, "b");
  CHECK_FALSE(bed.wait_end("b", 1ms));
  CHECK(bed.stop("b", soon) == 128 + SIGTERM);
  CHECK_THROWS(bed.start("c", {"no-such-program"}));
}

TEST_CASE("a line that does not come is waited for no longer than asked",
          "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  start_echo(bed, "a");
  CHECK_FALSE(bed.wait_line("a", "absent", 30ms));
  CHECK_FALSE(bed.wait_line("nobody", "absent", 30ms));
}

TEST_CASE("lines are found once, in order, however many there are",
          "[testbed]") {
  if (is_skipped())
    return;
  testbed bed;
  bed.start("a", {"sh", "-c",
                  "i=0; while [ $i -lt 30000 ]; do echo line $i; "
                  "i=$((i+1)); done; echo end; echo end"});
  CHECK(bed.wait_line("a", "line 5", soon));
  CHECK(bed.wait_line("a", "end", soon) == "end");
  CHECK(bed.wait_line("a", "end", soon) == "end");
  CHECK_FALSE(bed.wait_line("a", "end", soon)); // as the output has ended
}

TEST_CASE("when a test is killed its nodes go with it", "[testbed]") {
  if (is_skipped())
    return;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const descriptor reads{ends[0]};
  ::prctl(PR_SET_CHILD_SUBREAPER, 1); // we are told of the node's end, too
  const auto child = ::fork();
  if (child == 0) {
    testbed bed;
    bed.start("a", {"sh", "-c", "echo up; exec sleep 1000"});
    static_cast<void>(bed.wait_line("a", "up", soon));
    const auto node = bed.pid("a");
    static_cast<void>(::write(ends[1], &node, sizeof node));
    std::raise(SIGKILL);
  }
  ::close(ends[1]);
  pid_t node = 0;
  REQUIRE(::read(reads.get(), &node, sizeof node) == sizeof node);
  int status = 0;
  CHECK(::waitpid(child, &status, 0) == child);
  CHECK(::waitpid(node, &status, 0) == node);
  CHECK(WTERMSIG(status) == SIGKILL);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}
