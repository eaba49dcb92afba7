#include "cli/upgrade_check.hpp"
#include "support/catch.hpp"

namespace troupe::cli {

namespace {

node_view node_named(const std::string& name, std::uint32_t schema,
                     std::uint32_t link_min, std::uint32_t link_max) {
  node_view it;
  it.name = name;
  it.state = "up";
  it.schema = schema;
  it.link_min = link_min;
  it.link_max = link_max;
  return it;
}

} // namespace

TEST_CASE("nodes may be of two releases that understand one another",
          "[node][upgrade]") {
  const auto next = node_named("next", 1 * 256 + 3, 1, 2);
  CHECK(upgrade_problems(
            {node_named("a", 256, 1, 1), node_named("b", 256 + 4, 2, 3)}, next)
            .empty());
}

TEST_CASE("whoever would not be understood is named", "[node][upgrade]") {
  const auto next = node_named("next", 2 * 256, 3, 4);
  auto away = node_named("c", 2 * 256, 3, 4);
  away.state = "suspect";
  const auto problems = upgrade_problems(
      {node_named("a", 256, 3, 3), node_named("b", 2 * 256, 1, 2), away}, next);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].find("'a'") != std::string::npos);
  CHECK(problems[0].find("major version 1") != std::string::npos);
  CHECK(problems[1].find("links 1 to 2, not 3 to 4") != std::string::npos);
  CHECK(problems[2].find("'c' is suspect") != std::string::npos);
}

} // namespace troupe::cli
