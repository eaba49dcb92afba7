// Shared state on real nodes under faults, judged by the checker of histories.
#include "support/catch.hpp"
#include "support/cluster/history_checker.hpp"
#include "support/nodes/needs.hpp"
#include "support/nodes/state_clients.hpp"

#include <cstdio>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto soon = 60s;
const std::vector<std::string> three{"a", "b", "c"};
const std::vector<std::string> five{"a", "b", "c", "d", "e"};

/// Of a database of the test's own, so that keys begin with their first
/// version.
std::string url_of(const postgres_server& at) {
  std::string folder;
  for (const char it : at.folder())
    folder += it == '/' ? std::string{"%2F"} : std::string{it};
  return "postgresql:///postgres?host=" + folder + "&user=troupe";
}

std::map<std::string, real_nodes::place>
sharing(const std::string& url, const std::vector<std::string>& nodes) {
  std::map<std::string, real_nodes::place> all;
  for (const auto& node : nodes)
    all[node].node_lines = "leader_lease: 3s\nstore: \"" + url + "\"\n";
  return all;
}

/// The node that says it leads; empty: none does, or more than one.
std::string leader_of(real_nodes& nodes) {
  constexpr std::string_view name = "\"name\":\"";
  const auto list = nodes.told_by("a", {"node", "list", "--json"}, soon);
  const auto at = list.find("\"leads\":true");
  if (at == std::string::npos
      || list.find("\"leads\":true", at + 1) != std::string::npos)
    return {};
  const auto from = list.rfind(name, at) + name.size();
  return list.substr(from, list.find('"', from) - from);
}

bool goes_on(const state_clients& clients, std::size_t more) {
  const auto from = clients.answered();
  const auto end = std::chrono::steady_clock::now() + soon;
  while (clients.answered() < from + more) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::yield();
  }
  return true;
}

/// All goes on, and no client was told anything that others disprove.
void judge(real_nodes& nodes, state_clients& clients,
           const std::vector<std::string>& names = three) {
  REQUIRE(goes_on(clients, 100));
  const bool are_joined = nodes.are_joined(names, soon);
  UNSCOPED_INFO(nodes.bed.output());
  REQUIRE(are_joined);
  const bool has_ended = clients.end("b", soon);
  INFO(nodes.bed.output());
  REQUIRE(has_ended);
  const auto seen = clients.seen();
  const auto broken = check_history(seen);
  INFO(to_text(broken));
  CHECK(broken.empty());
  std::printf("  %zu requests, longest time without a write %lld ms\n",
              seen.ops.size(),
              static_cast<long long>(clients.longest_pause().count()));
}

} // namespace

TEST_CASE("shared state loses nothing and tells no two stories (P1, P4, P5, "
          "N1 to N4)",
          "[cluster][nodes][history]") {
  if (is_skipped())
    return;
  postgres_server database;
  real_nodes nodes{three, {}, sharing(url_of(database), three)};
  REQUIRE(nodes.are_joined(three, soon));
  state_clients clients{nodes, three, 4};
  REQUIRE(goes_on(clients, 60));
  std::string leader;
  SECTION("the node that leads is killed") {
    leader = leader_of(nodes);
    REQUIRE_FALSE(leader.empty());
    nodes.kill9(leader);
    REQUIRE(goes_on(clients, 100));
    nodes.start(leader);
  }
  SECTION("the node that leads stands still, and comes back") {
    leader = leader_of(nodes);
    REQUIRE_FALSE(leader.empty());
    nodes.bed.pause(leader);
    REQUIRE(goes_on(clients, 100));
    nodes.bed.resume(leader);
  }
  SECTION(
      "the node that leads is cut off from the others, not from the store") {
    leader = leader_of(nodes);
    REQUIRE_FALSE(leader.empty());
    for (const auto& it : three)
      if (it != leader)
        nodes.bed.cut(leader, it);
    REQUIRE(goes_on(clients, 30));
    nodes.bed.heal_all();
  }
  SECTION("the database is killed and comes back") {
    database.kill();
    (void)nodes.bed.wait_line("a", "nobody says this", 2s);
    database.start();
  }
  judge(nodes, clients);
}

TEST_CASE("shared state of five nodes loses nothing, though its leader is "
          "killed 30 times",
          "[.][long][history]") {
  if (is_skipped())
    return;
  postgres_server database;
  real_nodes nodes{five, {}, sharing(url_of(database), five)};
  REQUIRE(nodes.are_joined(five, soon));
  state_clients clients{nodes, five, 8};
  for (int round = 0; round < 30; ++round) {
    REQUIRE(goes_on(clients, 60));
    const auto leader = leader_of(nodes);
    std::printf("  round %d: %s leads\n", round, leader.c_str());
    REQUIRE_FALSE(leader.empty());
    if (round % 5 == 4) {
      nodes.bed.pause(leader);
      REQUIRE(goes_on(clients, 30));
      nodes.bed.resume(leader);
    } else {
      nodes.kill9(leader);
      REQUIRE(goes_on(clients, 30));
      nodes.start(leader);
    }
    REQUIRE(nodes.are_joined(five, soon));
  }
  judge(nodes, clients, five);
}
