#include "troupe/testing/network.hpp"

#include <algorithm>

namespace troupe::testing {

using protocol::duration;
using protocol::instant;

void network::set_weather(const std::string& from, const std::string& to,
                          const link_weather& of_link) {
  links_[{from, to}].weather = of_link;
}

void network::cut(const std::string& from, const std::string& to) {
  links_[{from, to}].is_cut = true;
}

void network::heal(const std::string& from, const std::string& to) {
  links_[{from, to}].is_cut = false;
}

void network::isolate(const std::vector<std::string>& side,
                      const std::vector<std::string>& others) {
  for (const auto& one : side)
    for (const auto& other : others)
      if (one != other) {
        cut(one, other);
        cut(other, one);
      }
}

void network::heal_all() {
  changes_.clear();
  clogged_nodes_.clear();
  for (auto& [key, it] : links_) {
    it.is_cut = false;
    it.clogs = 0;
    let_go(it, freed_);
  }
}

void network::clog(const std::string& from, const std::string& to) {
  ++links_[{from, to}].clogs;
}

void network::unclog(const std::string& from, const std::string& to) {
  auto& it = links_[{from, to}];
  if (it.clogs > 0 && --it.clogs == 0)
    let_go(it, freed_);
}

void network::swizzle_clog(std::vector<std::string> nodes, instant now,
                           duration span) {
  const auto half = std::max<duration>(span / 2, duration{1});
  const auto plan = [&](instant from, bool clogs) {
    for (auto i = nodes.size(); i > 1; --i)
      std::swap(nodes[i - 1], nodes[random_.below(i)]);
    const auto step = half / static_cast<std::int64_t>(nodes.size() + 1);
    auto at = from;
    for (const auto& node : nodes)
      changes_.emplace(moment{at += step, ++order_}, change{node, clogs});
  };
  plan(now, true);
  plan(now + half, false);
}

duration network::delay(const link_weather& by) {
  const auto spread = (by.delay_max - by.delay_min).count();
  if (spread <= 0)
    return by.delay_min;
  return by.delay_min
         + duration{static_cast<std::int64_t>(
             random_.below(static_cast<std::size_t>(spread) + 1))};
}

void network::send(const std::string& from, const std::string& to,
                   std::string bytes, instant now) {
  auto& it = links_[{from, to}];
  const auto& weather = it.weather ? *it.weather : weather_;
  const auto number = ++counts_.sent;
  if (it.is_cut || random_.happens(weather.drop_permille)) {
    ++counts_.dropped;
    return;
  }
  const net_message message{from, to, number, std::move(bytes)};
  auto at = now + delay(weather);
  if (random_.happens(weather.reorder_permille))
    ++counts_.overtaking;
  else
    at = it.latest = std::max(at, it.latest);
  on_way_.emplace(moment{at, ++order_}, message);
  if (random_.happens(weather.duplicate_permille)) {
    ++counts_.copied;
    on_way_.emplace(moment{at + delay(weather), ++order_}, message);
  }
}

std::optional<instant> network::next() const {
  if (!freed_.empty())
    return instant::min();
  std::optional<instant> first;
  if (!on_way_.empty())
    first = on_way_.begin()->first.first;
  if (!changes_.empty())
    first =
        std::min(first.value_or(instant::max()), changes_.begin()->first.first);
  return first;
}

void network::let_go(state& of, std::vector<net_message>& out) {
  for (auto& message : of.waiting) {
    ++counts_.delivered;
    out.push_back(std::move(message));
  }
  of.waiting.clear();
}

void network::arrive(net_message message, std::vector<net_message>& out) {
  auto& it = links_[{message.from, message.to}];
  if (it.is_cut) {
    ++counts_.dropped;
    return;
  }
  const bool waits = it.clogs > 0 || clogged_nodes_.count(message.from) != 0
                     || clogged_nodes_.count(message.to) != 0;
  it.waiting.push_back(std::move(message));
  if (!waits)
    let_go(it, out);
}

void network::apply(const change& what, std::vector<net_message>& out) {
  if (what.clogs) {
    clogged_nodes_.insert(what.node);
    return;
  }
  clogged_nodes_.erase(what.node);
  for (auto& [key, it] : links_)
    if (it.clogs == 0 && clogged_nodes_.count(key.first) == 0
        && clogged_nodes_.count(key.second) == 0)
      let_go(it, out);
}

std::vector<net_message> network::take_due(instant now) {
  auto out = std::exchange(freed_, {});
  for (;;) {
    const bool has_change =
        !changes_.empty() && changes_.begin()->first.first <= now;
    const bool has_message =
        !on_way_.empty() && on_way_.begin()->first.first <= now;
    if (!has_change && !has_message)
      return out;
    if (has_change
        && (!has_message || changes_.begin()->first < on_way_.begin()->first))
      apply(changes_.extract(changes_.begin()).mapped(), out);
    else
      arrive(std::move(on_way_.extract(on_way_.begin()).mapped()), out);
  }
}

std::size_t network::under_way() const noexcept {
  auto count = on_way_.size() + freed_.size();
  for (const auto& [key, it] : links_)
    count += it.waiting.size();
  return count;
}

} // namespace troupe::testing
