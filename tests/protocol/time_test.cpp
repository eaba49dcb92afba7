#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/time.hpp"

namespace troupe::protocol {

using namespace std::chrono_literals;

TEST_CASE("a time's text reads back as the time", "[time]") {
  const std::uint64_t seed = 31;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 10'000; ++i) {
    const auto value = test::random<instant>(chance);
    const auto read = parse_instant(to_text(value));
    INFO(to_text(value));
    REQUIRE(read.has_value());
    CHECK(*read == value);
  }
}

TEST_CASE("a deadline has passed from its very instant on", "[time]") {
  const instant deadline{1795238403s};
  CHECK_FALSE(has_passed(deadline, deadline - 1ns));
  CHECK(has_passed(deadline, deadline));
  CHECK(has_passed(deadline, instant::max()));
  CHECK(has_passed(instant::min(), instant::min()));
}

TEST_CASE("no deadline never passes", "[time]") {
  CHECK_FALSE(has_passed(instant{}, instant{}));
  CHECK_FALSE(has_passed(instant{}, instant::max()));
}

TEST_CASE("times print in UTC with the digits they need", "[time]") {
  CHECK(to_text(instant{}) == "1970-01-01T00:00:00Z");
  CHECK(to_text(instant{} + 250ms) == "1970-01-01T00:00:00.25Z");
  CHECK(to_text(instant{} - 1ns) == "1969-12-31T23:59:59.999999999Z");
  CHECK(to_text(instant::min()) == "1677-09-21T00:12:43.145224192Z");
  CHECK(to_text(instant::max()) == "2262-04-11T23:47:16.854775807Z");
  CHECK(to_text(instant{1795238403s}) == "2026-11-21T05:20:03Z");
  CHECK(parse_instant("2024-02-29T23:59:59.5Z").value()
        == instant{1709251199s + 500ms});
}

TEST_CASE("what is not a time in UTC is refused", "[time]") {
  for (const auto* text : {"",
                           "2026",
                           "2026-11-21",
                           "2026-11-21T05:20:03",
                           "2026-11-21 05:20:03Z",
                           "2026-11-21T05:20:03+01:00",
                           "2026-11-21t05:20:03z",
                           "2026-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-01-01T24:00:00Z",
                           "2026-01-01T00:60:00Z",
                           "2026-01-01T00:00:60Z",
                           "2026-01-01T00:00:00.Z",
                           "2026-01-01T00:00:00.1234567890Z",
                           "2026-01-01T00:00:00.1ZZ",
                           "1600-01-01T00:00:00Z",
                           "2300-01-01T00:00:00Z",
                           "20260-1-01T00:00:00Z",
                           "-026-11-21T05:20:03Z",
                           "2026-11-21T05:20:03.25"}) {
    const auto read = parse_instant(text);
    INFO(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::malformed_message);
  }
}

TEST_CASE("a duration's text reads back as the duration", "[time]") {
  const std::uint64_t seed = 32;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 10'000; ++i) {
    const auto value = test::random<duration>(chance);
    const auto read = parse_duration(to_text(value));
    INFO(to_text(value));
    REQUIRE(read.has_value());
    CHECK(*read == value);
  }
}

TEST_CASE("durations read with any of five units", "[time]") {
  CHECK(parse_duration("250ms").value() == 250ms);
  CHECK(parse_duration("1.5s").value() == 1500ms);
  CHECK(parse_duration("5m").value() == 5min);
  CHECK(parse_duration("2h").value() == 2h);
  CHECK(parse_duration("1d").value() == 24h);
  CHECK(parse_duration("0s").value() == 0s);
  CHECK(parse_duration("0.5m").value() == 30s);
  CHECK(parse_duration("0.000001ms").value() == 1ns);
  CHECK(parse_duration("3650d").value() == std::chrono::days{3650});
  CHECK(to_text(duration{50ms}) == "0.05s");
  CHECK(to_text(duration{300s}) == "300s");
  CHECK(to_text(duration{-50ms}) == "-0.05s");
}

TEST_CASE("what is not a duration is refused", "[time]") {
  for (const auto* text :
       {"", "5", "s", "-5s", "+5s", "5 s", "5S", "5us", "1e3s", "1.s", ".5s",
        "1.0000000001s", "0.0000001ms", "3651d", "99999999999999999999s",
        "1h30m", "inf", "0x5s"}) {
    const auto read = parse_duration(text);
    INFO(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::malformed_message);
  }
}

TEST_CASE("people read durations at a glance", "[time]") {
  CHECK(for_people(duration{0ms}) == "0 ms");
  CHECK(for_people(duration{10us}) == "<1 ms");
  CHECK(for_people(duration{850ms}) == "850 ms");
  CHECK(for_people(duration{12'345ms}) == "12.3 s");
  CHECK(for_people(duration{245s}) == "4 m 05 s");
  CHECK(for_people(duration{2h + 5min + 9s}) == "2 h 05 m");
  CHECK(for_people(duration{77h}) == "3 d 05 h");
  CHECK(for_people(duration{-850ms}) == "-850 ms");
  CHECK(for_people(duration::min()) == "-106751 d 23 h");
}

} // namespace troupe::protocol
