// Missions from the queue of a database, with nodes that are killed.
#include "support/catch.hpp"
#include "support/nodes/real_nodes.hpp"
#include "support/postgres/postgres_server.hpp"

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto queue_patience = 60s;
constexpr std::size_t queue_tasks = 30;

/// As libpq's URI takes a folder for a host.
std::string queue_url() {
  std::string folder;
  for (const char it : postgres_server::shared().folder())
    folder += it == '/' ? std::string{"%2F"} : std::string{it};
  return "postgresql:///postgres?host=" + folder + "&user=troupe";
}

} // namespace

TEST_CASE("submitted missions are done by whichever node lives, no step twice",
          "[cluster][nodes][queue]") {
  const auto why = why_no_networks();
  if (!why.empty() || !postgres_server::is_installed()) {
    WARN("skipped: " << why << " or no PostgreSQL server is installed");
    return;
  }
  const std::vector<std::string> three{"a", "b", "c"};
  real_nodes nodes{three, queue_url()};
  REQUIRE(nodes.are_joined(three, queue_patience));
  const std::vector<std::string> runs{"first", "second", "third", "fourth"};
  for (const auto& run : runs) {
    nodes.begin_run(run, "b", queue_tasks, "submit");
    const auto code = nodes.end_run(run, queue_patience);
    INFO(nodes.bed.output());
    REQUIRE(code == 0);
  }
  REQUIRE(nodes.wait_effects("first", 5, queue_patience));
  nodes.kill9("a");
  for (const auto& run : runs) {
    INFO(nodes.bed.output());
    const bool is_all = nodes.wait_effects(run, queue_tasks, 30s);
    const auto seen = nodes.seen(run);
    CHECK(seen.repeated == 0);
    // What was under way when it was killed may be told as unknown.
    CHECK((is_all || seen.done + 8 >= queue_tasks));
  }
}
