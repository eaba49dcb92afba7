// The simulated network: what it may do to messages and what never.
#include "support/catch.hpp"
#include "support/rounds.hpp"

#include <troupe/testing/network.hpp>

#include <algorithm>

using namespace troupe;
using namespace std::chrono_literals;
using protocol::instant;
using testing::link_weather;
using testing::net_message;
using testing::network;

namespace {

const std::vector<std::string> nodes{"a", "b", "c"};

std::vector<net_message> rest_of(network& net) {
  return net.take_due(instant{1'000h});
}

/// Sends at random for a while; returns what has arrived.
std::vector<net_message> traffic(network& net, std::uint64_t seed,
                                 std::map<std::uint64_t, net_message>& sent) {
  testing::dice random{seed};
  std::vector<net_message> arrived;
  instant now{1s};
  for (int i = 0; i < 300; ++i) {
    const auto& from = nodes[random.below(3)];
    const auto& to = nodes[random.below(3)];
    auto bytes = std::to_string(random.next());
    net.send(from, to, bytes, now);
    const auto number = net.counts().sent;
    sent[number] = {from, to, number, std::move(bytes)};
    if (random.coin())
      now += std::chrono::microseconds{random.below(3'000)};
    for (auto& it : net.take_due(now))
      arrived.push_back(std::move(it));
  }
  for (auto& it : rest_of(net))
    arrived.push_back(std::move(it));
  return arrived;
}

link_weather bad_weather(testing::dice& random) {
  link_weather it;
  it.drop_permille = static_cast<std::uint32_t>(random.below(300));
  it.duplicate_permille = static_cast<std::uint32_t>(random.below(300));
  it.reorder_permille = static_cast<std::uint32_t>(random.below(300));
  it.delay_max = std::chrono::milliseconds{1 + random.below(20)};
  return it;
}

} // namespace

TEST_CASE("a network invents nothing and loses only what it counts",
          "[network]") {
  for (std::uint64_t seed = 1; seed <= test::rounds(200); ++seed) {
    INFO("seed " << seed);
    testing::dice random{seed};
    network net{seed};
    net.set_weather(bad_weather(random));
    if (random.coin())
      net.swizzle_clog(nodes, instant{1s}, 100ms);
    std::map<std::uint64_t, net_message> sent;
    const auto arrived = traffic(net, seed, sent);
    for (const auto& it : arrived)
      REQUIRE(sent.at(it.number) == it);
    const auto& counts = net.counts();
    CHECK(net.under_way() == 0);
    CHECK(counts.delivered == arrived.size());
    CHECK(counts.sent + counts.copied == counts.delivered + counts.dropped);
  }
}

TEST_CASE("messages of a link keep their order unless the weather reorders",
          "[network]") {
  for (std::uint64_t seed = 1; seed <= test::rounds(200); ++seed) {
    INFO("seed " << seed);
    testing::dice random{seed};
    auto weather = bad_weather(random);
    weather.reorder_permille = 0;
    network net{seed};
    net.set_weather(weather);
    std::map<std::uint64_t, net_message> sent;
    std::map<std::pair<std::string, std::string>, std::uint64_t> last;
    std::set<std::uint64_t> seen;
    for (const auto& it : traffic(net, seed, sent)) {
      if (!seen.insert(it.number).second)
        continue; // a copy
      auto& before = last[{it.from, it.to}];
      REQUIRE(before < it.number);
      before = it.number;
    }
  }
}

TEST_CASE("weather that reorders lets some overtake others", "[network]") {
  network net{3};
  link_weather weather;
  weather.reorder_permille = 500;
  weather.delay_max = 50ms;
  net.set_weather(weather);
  for (int i = 0; i < 50; ++i)
    net.send("a", "b", {}, instant{1s});
  const auto arrived = rest_of(net);
  CHECK_FALSE(std::is_sorted(
      arrived.begin(), arrived.end(),
      [](const auto& x, const auto& y) { return x.number < y.number; }));
}

TEST_CASE("a cut loses messages one way, those under way as well",
          "[network]") {
  network net{1};
  net.send("a", "b", "before", instant{1s});
  net.cut("a", "b");
  net.send("a", "b", "during", instant{1s});
  net.send("b", "a", "back", instant{1s});
  const auto arrived = rest_of(net);
  REQUIRE(arrived.size() == 1);
  CHECK(arrived[0].bytes == "back");
  net.heal("a", "b");
  net.send("a", "b", "after", instant{2s});
  CHECK(rest_of(net).size() == 1);
}

TEST_CASE("isolated nodes hear each other and nobody else", "[network]") {
  network net{1};
  net.isolate({"a", "b"}, {"c"});
  for (const auto& from : nodes)
    for (const auto& to : nodes)
      if (from != to)
        net.send(from, to, {}, instant{1s});
  const auto arrived = rest_of(net);
  REQUIRE(arrived.size() == 2);
  for (const auto& it : arrived)
    CHECK((it.from != "c" && it.to != "c"));
  net.heal_all();
  net.send("c", "a", {}, instant{2s});
  CHECK(rest_of(net).size() == 1);
}

TEST_CASE("what waits at a clog comes when it is unclogged, in order",
          "[network]") {
  network net{1};
  net.clog("a", "b");
  for (int i = 0; i < 5; ++i)
    net.send("a", "b", {}, instant{1s});
  CHECK(rest_of(net).empty());
  CHECK(net.under_way() == 5);
  net.unclog("a", "b");
  REQUIRE(net.next().has_value());
  const auto arrived = net.take_due(instant{1'001h});
  REQUIRE(arrived.size() == 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(arrived[i].number == i + 1);
}

TEST_CASE("a swizzle-clog holds each node back for a while and ends",
          "[network]") {
  network net{7};
  net.swizzle_clog(nodes, instant{1s}, 1s);
  instant now{1s};
  std::size_t late = 0;
  std::size_t arrived = 0;
  for (int i = 0; i < 100; ++i) {
    net.send("a", "b", {}, now);
    now += 20ms;
    const auto due = net.take_due(now).size();
    arrived += due;
    late += due == 0 ? 1U : 0U;
  }
  CHECK(late > 10);
  CHECK(arrived + net.take_due(now + 1s).size() == 100);
}

TEST_CASE("one seed is one fate of all messages", "[network]") {
  const auto fate = [](std::uint64_t seed) {
    testing::dice random{seed};
    network net{seed};
    net.set_weather(bad_weather(random));
    std::map<std::uint64_t, net_message> sent;
    return traffic(net, seed, sent);
  };
  CHECK(fate(11) == fate(11));
  CHECK(fate(11) != fate(12));
}
