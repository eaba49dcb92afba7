// A node whose disk is full.
#include "support/catch.hpp"
#include "support/cluster/tiny_disk.hpp"
#include "support/nodes/needs.hpp"
#include "support/nodes/real_nodes.hpp"

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto soon = 60s;
constexpr std::size_t disk_bytes = 32U << 20U;

} // namespace

TEST_CASE("a node whose disk is full says so, keeps what it has said is kept, "
          "and goes on when there is room",
          "[cluster][nodes]") {
  if (const auto why = why_no_networks(); !why.empty()) {
    WARN("skipped: " << why);
    return;
  }
  const scratch_folder folder{"tiny-disk"};
  const tiny_disk disk{folder.path().string(), disk_bytes};
  const auto journal = (folder.path() / "runs.db").string();
  real_nodes nodes{{"a", "b"}, {}, {{"a", {journal, {}, disk.mounts()}}}};
  REQUIRE(nodes.are_joined({"a", "b"}, soon));
  nodes.begin_run("before", "a", 20);
  REQUIRE(nodes.end_run("before", soon) == 0);

  nodes.begin_run("full", "a", 400);
  REQUIRE(nodes.wait_effects("full", 5, soon));
  disk.fill();
  const auto code = nodes.end_run("full", soon);
  INFO(nodes.bed.output());
  REQUIRE(code.has_value());
  CHECK(*code != 0);
  CHECK(nodes.bed.wait_line("client-full", "full", soon).has_value());
  CHECK(nodes.are_joined({"a", "b"}, soon)); // it lives
  const auto at_full = nodes.seen("full");
  CHECK(at_full.repeated == 0);
  CHECK(at_full.done < 400);

  disk.make_room();
  REQUIRE(nodes.bed.wait_line("a", "kept-again", soon).has_value());
  nodes.begin_run("after", "a", 20);
  CHECK(nodes.end_run("after", soon) == 0);
  CHECK(nodes.seen("after").done == 20);
  CHECK(nodes.bed.stop("a", soon) == 0);
  CHECK(nodes.command("a", {"journal", "verify", "--journal", journal}) == 0);
  const auto resumed =
      nodes.command("a", {"resume", nodes.id_of("full"), "--journal", journal,
                          "--config", nodes.host_file("a"), "--quiet"});
  INFO(nodes.bed.output());
  CHECK((resumed == 0 || resumed == 1));
  const auto seen = nodes.seen("full");
  CHECK(seen.repeated == 0);
  // What was under way when the disk was full may be told as unknown.
  CHECK((seen.done == 400 || (resumed == 1 && seen.done + 8 >= 400)));
}
