#include "graph_layout.hpp"

#include <algorithm>
#include <tuple>

namespace troupe::report {

namespace {

using neighbours = std::vector<std::vector<std::size_t>>;

/// Needs as edges: each once, and only of nodes that are there.
neighbours proper(const neighbours& needs) {
  auto result = needs;
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto& own = result[i];
    std::sort(own.begin(), own.end());
    own.erase(std::unique(own.begin(), own.end()), own.end());
    own.erase(std::remove_if(
                  own.begin(), own.end(),
                  [&](auto need) { return need == i || need >= needs.size(); }),
              own.end());
  }
  return result;
}

neighbours reversed(const neighbours& edges) {
  neighbours result(edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i)
    for (const auto other : edges[i])
      result[other].push_back(i);
  return result;
}

/// The nodes so that each comes behind those that it needs; a circle is
/// entered at its first node.
std::vector<std::size_t> in_order(const neighbours& parents,
                                  const neighbours& children) {
  std::vector<std::size_t> missing(parents.size());
  std::vector<std::size_t> order;
  std::vector<bool> placed(parents.size());
  const auto place = [&](std::size_t i) {
    placed[i] = true;
    order.push_back(i);
  };
  for (std::size_t i = 0; i < parents.size(); ++i) {
    missing[i] = parents[i].size();
    if (missing[i] == 0)
      place(i);
  }
  std::size_t next_open = 0;
  for (std::size_t at = 0; order.size() < parents.size() || at < order.size();
       ++at) {
    while (at == order.size() && placed[next_open])
      ++next_open;
    if (at == order.size())
      place(next_open);
    for (const auto child : children[order[at]])
      if (--missing[child] == 0 && !placed[child])
        place(child);
  }
  return order;
}

/// Takes out what leads back, and tells each node's level.
std::vector<std::uint32_t> levels_of(neighbours& parents,
                                     const std::vector<std::size_t>& order) {
  std::vector<std::size_t> rank(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    rank[order[i]] = i;
  std::vector<std::uint32_t> levels(order.size());
  for (const auto i : order) {
    auto& own = parents[i];
    own.erase(std::remove_if(own.begin(), own.end(),
                             [&](auto need) { return rank[need] > rank[i]; }),
              own.end());
    for (const auto need : own)
      levels[i] = std::max(levels[i], levels[need] + 1);
  }
  return levels;
}

/// Orders the nodes of each level so that they stand near what they are tied
/// to: by the mean place of their neighbours, down and up again.
class level_order {
public:
  explicit level_order(const std::vector<std::uint32_t>& levels)
      : place_(levels.size()) {
    for (std::size_t i = 0; i < levels.size(); ++i) {
      if (levels_.size() <= levels[i])
        levels_.resize(levels[i] + 1);
      levels_[levels[i]].push_back(i);
    }
    for (const auto& level : levels_)
      number(level);
  }

  void sweep(const neighbours& parents, const neighbours& children) {
    for (auto& level : levels_)
      arrange(level, parents);
    for (auto left = levels_.size(); left > 0; --left)
      arrange(levels_[left - 1], children);
    for (auto& level : levels_)
      arrange(level, parents);
  }

  [[nodiscard]] const neighbours& levels() const { return levels_; }

private:
  /// Places are told in thousandths of a level, since levels differ in size.
  void number(const std::vector<std::size_t>& level) {
    for (std::size_t i = 0; i < level.size(); ++i)
      place_[level[i]] = (2 * i + 1) * 500'000 / level.size();
  }

  void arrange(std::vector<std::size_t>& level, const neighbours& tied) {
    std::vector<std::tuple<std::uint64_t, std::size_t, std::size_t>> wanted;
    for (std::size_t i = 0; i < level.size(); ++i) {
      std::uint64_t sum = 0;
      for (const auto other : tied[level[i]])
        sum += place_[other];
      const auto count = tied[level[i]].size();
      wanted.emplace_back(count == 0 ? place_[level[i]] : sum / count, i,
                          level[i]);
    }
    std::sort(wanted.begin(), wanted.end());
    for (std::size_t i = 0; i < level.size(); ++i)
      level[i] = std::get<2>(wanted[i]);
    number(level);
  }

  neighbours levels_;
  std::vector<std::uint64_t> place_;
};

/// Gives all boxes their places; levels stand around the middle.
void place_boxes(graph_layout& layout, const neighbours& levels,
                 const graph_size& size) {
  const auto extent = [](std::size_t count, std::uint32_t one,
                         std::uint32_t gap) {
    const auto n = static_cast<std::uint32_t>(count);
    return n == 0 ? 0 : n * one + (n - 1) * gap;
  };
  std::size_t tallest = 0;
  for (const auto& level : levels)
    tallest = std::max(tallest, level.size());
  const auto tall = extent(tallest, size.box_height, size.gap_down);
  layout.width =
      extent(levels.size(), size.box_width, size.gap_across) + 2 * size.margin;
  layout.height = tall + 2 * size.margin;
  for (std::size_t at = 0; at < levels.size(); ++at) {
    const auto own = extent(levels[at].size(), size.box_height, size.gap_down);
    auto y = size.margin + (tall - own) / 2;
    for (const auto i : levels[at]) {
      const auto level = static_cast<std::uint32_t>(at);
      layout.boxes[i] = {
          level, size.margin + level * (size.box_width + size.gap_across), y};
      y += size.box_height + size.gap_down;
    }
  }
}

} // namespace

graph_layout lay_out_graph(const neighbours& needs, const graph_size& size,
                           std::size_t edges_max) {
  auto parents = proper(needs);
  const auto order = in_order(parents, reversed(parents));
  const auto levels = levels_of(parents, order);
  level_order places{levels};
  places.sweep(parents, reversed(parents));
  graph_layout layout;
  layout.boxes.resize(needs.size());
  place_boxes(layout, places.levels(), size);
  for (std::size_t i = 0; i < parents.size(); ++i)
    for (const auto need : parents[i])
      if (layout.edges.size() < edges_max)
        layout.edges.push_back({need, i});
      else
        ++layout.edges_left_out;
  return layout;
}

} // namespace troupe::report
