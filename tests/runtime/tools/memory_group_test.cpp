// Groups of the kernel in which a program's memory is bounded.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "tools/memory_group.hpp"

#include <iterator>

using namespace troupe;
using tools::make_memory_group;
using tools::tells_of_a_kill;

namespace {

constexpr std::uint64_t limit = 64U << 20U;

std::size_t entries_of(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator{folder}, {}));
}

} // namespace

TEST_CASE("where there are no control groups, that is said") {
  const test::scratch_folder root{"no-groups"};
  for (const std::string own :
       {"", "0::/", "4:memory", "::", "no line", "1:cpu:/a\n2:pids:/a\n"}) {
    const auto made = make_memory_group(limit, {root.path(), own});
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == protocol::errc::invalid_request);
    CHECK(made.error().detail.find("none here") != std::string::npos);
  }
  CHECK(entries_of(root.path()) == 0);
}

TEST_CASE("a folder that is no group of the kernel's is left as it was") {
  const test::scratch_folder root{"fake-groups"};
  root.write("cgroup.controllers", "cpu memory pids\n");
  root.write("a/b/cgroup.subtree_control", "");
  root.write("memory/c/tasks", "");
  const auto made =
      make_memory_group(limit, {root.path(), "3:cpu,memory:/c\n0::/a/b\n"});
  REQUIRE_FALSE(made.has_value());
  for (const auto* tried : {"/memory/c", "/a/b", "/a"})
    CHECK(made.error().detail.find(root.path().string() + tried)
          != std::string::npos);
  CHECK(entries_of(root.path() / "a" / "b") == 1);
  CHECK(entries_of(root.path() / "memory" / "c") == 1);
}

TEST_CASE("groups of processes that are gone are removed, others are not") {
  const test::scratch_folder root{"left-groups"};
  root.write("memory/tasks", "");
  const auto left = root.path() / "memory" / "troupe-2147483646-1";
  const auto living =
      root.path() / "memory" / ("troupe-" + std::to_string(::getpid()) + "-0");
  const auto other = root.path() / "memory" / "troupe-x";
  for (const auto& it : {left, living, other})
    std::filesystem::create_directories(it);
  CHECK_FALSE(
      make_memory_group(limit, {root.path(), "4:memory:/\n"}).has_value());
  CHECK_FALSE(std::filesystem::exists(left));
  CHECK(std::filesystem::exists(living));
  CHECK(std::filesystem::exists(other));
}

TEST_CASE("what the kernel counts as killed is read in both its forms") {
  CHECK(tells_of_a_kill("low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n"));
  CHECK(tells_of_a_kill("oom_kill_disable 0\nunder_oom 0\noom_kill 27\n"));
  CHECK_FALSE(tells_of_a_kill("oom 3\noom_kill 0\noom_group_kill 1\n"));
  CHECK_FALSE(tells_of_a_kill("not_oom_kill 1\noom_kill "));
  CHECK_FALSE(tells_of_a_kill(""));
}
