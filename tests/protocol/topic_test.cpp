#include "support/catch.hpp"
#include "troupe/protocol/topic.hpp"

namespace troupe::protocol {

TEST_CASE("a topic is segments joined by dots", "[topic]") {
  for (const auto* good : {"a", "market.eur", "a.b.c", "A-1_x.y",
                           "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p"})
    CHECK(is_topic(good));
  for (const auto* bad : {"", ".", "a.", ".a", "a..b", "a b", "a/b", "a*",
                          "\xC3\xA4", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q"})
    CHECK_FALSE(is_topic(bad));
  CHECK(is_topic(std::string(255, 'a')));
  CHECK_FALSE(is_topic(std::string(256, 'a')));
}

TEST_CASE("a filter is a topic, a prefix that ends with a dot, or a dot",
          "[topic]") {
  for (const auto* good : {".", "a", "a.", "market.eur."})
    CHECK(is_topic_filter(good));
  for (const auto* bad : {"", "..", "a..", ".a", "*", "a.*"})
    CHECK_FALSE(is_topic_filter(bad));
}

TEST_CASE("a prefix stands for what is below it, by whole segments",
          "[topic]") {
  CHECK(topic_matches("market.", "market.eur"));
  CHECK(topic_matches("market.", "market.eur.spot"));
  CHECK_FALSE(topic_matches("market.", "market"));
  CHECK_FALSE(topic_matches("market.", "markets.eur"));
  CHECK(topic_matches("market", "market"));
  CHECK_FALSE(topic_matches("market", "market.eur"));
  CHECK(topic_matches(".", "anything.at.all"));
}

} // namespace troupe::protocol
