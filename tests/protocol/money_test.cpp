#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/money.hpp"

namespace troupe::protocol {

TEST_CASE("an amount's text reads back as the amount", "[money]") {
  const std::uint64_t seed = 21;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 10'000; ++i) {
    auto value = test::random<money>(chance);
    if (chance.coin())
      value.nano_usd %= 3'000'000'000;
    const auto read = parse_money(to_text(value));
    INFO(to_text(value));
    REQUIRE(read.has_value());
    CHECK(*read == value);
  }
}

TEST_CASE("amounts print as exact decimal dollars", "[money]") {
  CHECK(to_text(money{}) == "0");
  CHECK(to_text(money{12'500'000}) == "0.0125");
  CHECK(to_text(money{-3'000'000'000}) == "-3");
  CHECK(to_text(money{1}) == "0.000000001");
  CHECK(to_text(money{-1}) == "-0.000000001");
  CHECK(to_text(money{INT64_MIN}) == "-9223372036.854775808");
  CHECK(to_text(money::max()) == "9223372036.854775807");
}

TEST_CASE("dollars may carry their sign and name", "[money]") {
  CHECK(parse_money("$5").value() == money{5'000'000'000});
  CHECK(parse_money("5 USD").value() == money{5'000'000'000});
  CHECK(parse_money("0.5USD").value() == money{500'000'000});
  CHECK(parse_money("-$0.000000001").value() == money{-1});
  CHECK(parse_money("007.10").value() == money{7'100'000'000});
}

TEST_CASE("what is not an amount of dollars is refused", "[money]") {
  for (const auto* text : {"",
                           "-",
                           "$",
                           ".5",
                           "5.",
                           "1e3",
                           "1,000",
                           "0.0000000001",
                           "5 EUR",
                           " 5",
                           "5 ",
                           "5  USD",
                           "--5",
                           "$-5",
                           "+5",
                           "0x10",
                           "nan",
                           "inf",
                           "1.2.3",
                           "9223372036.854775808",
                           "-9223372036.854775809",
                           "99999999999999999999999999999999"}) {
    const auto read = parse_money(text);
    INFO(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::malformed_message);
  }
}

TEST_CASE("sums saturate instead of wrapping", "[money]") {
  CHECK(money::max() + money{1} == money::max());
  CHECK(money{INT64_MIN} - money{1} == money{INT64_MIN});
  CHECK(money{-5} - money{INT64_MIN} == money{INT64_MAX - 4});
  CHECK(money{0} - money{INT64_MIN} == money::max());
  auto sum = money{1};
  sum += money{2};
  sum -= money{5};
  CHECK(sum == money{-2});
}

TEST_CASE("scaling rounds up and saturates", "[money]") {
  CHECK(scaled_up(money{10}, 1, 3) == money{4});
  CHECK(scaled_up(money{9}, 1, 3) == money{3});
  CHECK(scaled_up(money{-10}, 1, 3) == money{-3});
  CHECK(scaled_up(money{0}, 5, 7) == money{0});
  CHECK(scaled_up(money::max(), UINT64_MAX, 1) == money::max());
  CHECK(scaled_up(money{INT64_MIN}, UINT64_MAX, 1) == money{INT64_MIN});
  CHECK(scaled_up(money::max(), UINT64_MAX, UINT64_MAX) == money::max());
  CHECK(scaled_up(money{1}, 1, 0) == money::max());
}

TEST_CASE("people read amounts at a glance", "[money]") {
  CHECK(for_people(money{}) == "$0.00");
  CHECK(for_people(money{12'500'000}) == "$0.0125");
  CHECK(for_people(money{500'000'000}) == "$0.50");
  CHECK(for_people(money{123'456'789}) == "$0.1235");
  CHECK(for_people(money{123'456}) == "$0.0001235");
  CHECK(for_people(money{7}) == "$0.000000007");
  CHECK(for_people(money{999'999'999}) == "$1.00");
  CHECK(for_people(money{1'058'000'000'000}) == "$1,058.00");
  CHECK(for_people(money{1'234'567'895'000'000}) == "$1,234,567.90");
  CHECK(for_people(money{-2'345'000'000}) == "-$2.35");
  CHECK(for_people(money{INT64_MIN}) == "-$9,223,372,036.85");
  CHECK(for_people(money::max()) == "no limit");
}

} // namespace troupe::protocol
