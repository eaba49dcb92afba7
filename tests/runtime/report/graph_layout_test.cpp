#include "report/graph_layout.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <algorithm>
#include <random>
#include <set>

using namespace troupe;
using namespace troupe::report;

namespace {

using all_needs = std::vector<std::vector<std::size_t>>;

bool overlap(const graph_box& a, const graph_box& b, const graph_size& size) {
  const auto apart = [](std::uint32_t x, std::uint32_t y, std::uint32_t one) {
    return x + one <= y || y + one <= x;
  };
  return !apart(a.x, b.x, size.box_width) && !apart(a.y, b.y, size.box_height);
}

/// What holds for the layout of any graph.
void check_layout(const all_needs& needs, const graph_layout& layout,
                  const graph_size& size) {
  REQUIRE(layout.boxes.size() == needs.size());
  for (std::size_t i = 0; i < layout.boxes.size(); ++i) {
    const auto& box = layout.boxes[i];
    CHECK(box.x >= size.margin);
    CHECK(box.y >= size.margin);
    CHECK(box.x + size.box_width + size.margin <= layout.width);
    CHECK(box.y + size.box_height + size.margin <= layout.height);
    for (std::size_t other = 0; other < i; ++other)
      CHECK_FALSE(overlap(box, layout.boxes[other], size));
  }
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (const auto& edge : layout.edges) {
    CHECK(seen.emplace(edge.from, edge.to).second);
    const auto& own = needs.at(edge.to);
    CHECK(std::count(own.begin(), own.end(), edge.from) != 0);
    const auto& from = layout.boxes.at(edge.from);
    const auto& to = layout.boxes[edge.to];
    CHECK(from.level < to.level);
    CHECK(from.x + size.box_width < to.x);
  }
}

} // namespace

TEST_CASE("a level is the longest chain of needs before it", "[graph_layout]") {
  const all_needs needs{{}, {0}, {0, 1}, {}, {2, 3}};
  const auto layout = lay_out_graph(needs, {}, 100);
  check_layout(needs, layout, {});
  std::vector<std::uint32_t> levels;
  for (const auto& box : layout.boxes)
    levels.push_back(box.level);
  CHECK(levels == std::vector<std::uint32_t>{0, 1, 2, 0, 3});
  CHECK(layout.edges.size() == 5);
  CHECK(layout.edges_left_out == 0);
}

TEST_CASE("boxes stand near those that they need", "[graph_layout]") {
  const all_needs needs{{}, {}, {1}, {0}}; // crosses in the order given
  const auto layout = lay_out_graph(needs, {}, 100);
  const auto& box = layout.boxes;
  CHECK((box[0].y < box[1].y) == (box[3].y < box[2].y));
}

TEST_CASE("a circle of needs is cut, and the rest is drawn", "[graph_layout]") {
  const all_needs needs{{2}, {0}, {1}, {2}, {4, 4, 9}};
  const auto layout = lay_out_graph(needs, {}, 100);
  check_layout(needs, layout, {});
  CHECK(layout.edges.size() == 3);
}

TEST_CASE("edges beyond what is allowed are counted", "[graph_layout]") {
  const all_needs needs{{}, {0}, {0, 1}};
  const auto layout = lay_out_graph(needs, {}, 2);
  CHECK(layout.edges.size() == 2);
  CHECK(layout.edges_left_out == 1);
}

TEST_CASE("nothing is laid out as nothing", "[graph_layout]") {
  const auto layout = lay_out_graph({}, {}, 10);
  CHECK(layout.boxes.empty());
  CHECK(layout.edges.empty());
}

TEST_CASE("in any graph no boxes overlap and all edges lead on",
          "[graph_layout]") {
  for (std::uint64_t seed = 1; seed <= test::rounds(400); ++seed) {
    CAPTURE(seed);
    std::mt19937_64 draw{seed};
    const bool has_circles = seed % 4 == 0;
    all_needs needs(draw() % 40);
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < needs.size(); ++i) {
      const auto end = has_circles ? needs.size() + 2 : i;
      std::set<std::size_t> own;
      for (auto count = draw() % 4; count > 0 && end > 0; --count)
        own.insert(needs[i].emplace_back(draw() % end));
      wanted += own.size();
    }
    const auto layout = lay_out_graph(needs, {}, 1'000);
    check_layout(needs, layout, {});
    if (!has_circles)
      CHECK(layout.edges.size() == wanted);
  }
}
