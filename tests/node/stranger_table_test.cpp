#include "stranger_table.hpp"
#include "support/catch.hpp"

namespace troupe::cluster {

TEST_CASE("a stranger that is silent for longest makes room for another",
          "[node][strangers]") {
  stranger_table table{{3, 3}};
  CHECK(table.come("one").number == 1);
  CHECK(table.come("one").number == 2);
  CHECK(table.come("two").number == 3);
  const auto next = table.come("three");
  CHECK(next.number == 4);
  CHECK(next.dropped == 1); // of the address that has most
  CHECK(table.come("four").dropped == 2);
  CHECK(table.size() == 3);
}

TEST_CASE("an address with its share drops its own strangers",
          "[node][strangers]") {
  stranger_table table{{10, 2}};
  const auto good = table.come("good");
  CHECK(table.come("bad").dropped == 0);
  for (std::uint64_t i = 0; i < 100; ++i)
    CHECK(table.come("bad").dropped == (i == 0 ? 0 : i + 1));
  CHECK(table.size() == 3);
  CHECK(good.number == 1);
}

TEST_CASE("who has said who it is is not dropped", "[node][strangers]") {
  stranger_table table{{2, 2}};
  table.has_spoken(table.come("one").number);
  const auto silent = table.come("one");
  CHECK(table.come("two").dropped == silent.number);
  table.has_spoken(3);
  CHECK(table.come("three").number == 0);
  table.leave(1);
  CHECK(table.come("three").number != 0);
}

} // namespace troupe::cluster
