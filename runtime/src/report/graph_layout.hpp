#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

/// Where the boxes of a graph of tasks stand: in columns by level, so that all
/// edges go from the left to the right.
namespace troupe::report {

struct graph_size {
  std::uint32_t box_width = 168;
  std::uint32_t box_height = 30;
  std::uint32_t gap_across = 56; ///< Between levels.
  std::uint32_t gap_down = 12;   ///< Between boxes of a level.
  std::uint32_t margin = 8;
};

struct graph_box {
  std::uint32_t level = 0; ///< The longest chain of needs before it.
  std::uint32_t x = 0;     ///< Of its left upper corner.
  std::uint32_t y = 0;

  bool operator==(const graph_box&) const = default;
};

struct graph_edge {
  std::size_t from = 0; ///< Is needed by `to`; of a lower level.
  std::size_t to = 0;

  bool operator==(const graph_edge&) const = default;
};

struct graph_layout {
  std::vector<graph_box> boxes;
  std::vector<graph_edge> edges; ///< Each once.
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::size_t edges_left_out = 0;
};

/// Lays out a graph in which node i needs the nodes `needs[i]`. Needs of nodes
/// that are not there, of itself, and twice the same are no edges. Where needs
/// go round in a circle, it is cut somewhere. Of more than `edges_max` edges
/// the others are left out. Cost: edges times their logarithm.
[[nodiscard]] graph_layout
lay_out_graph(const std::vector<std::vector<std::size_t>>& needs,
              const graph_size& size, std::size_t edges_max);

} // namespace troupe::report
