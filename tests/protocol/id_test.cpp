#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/id.hpp"

#include <unordered_set>

namespace troupe::protocol {

namespace {

using namespace std::chrono_literals;

const instant noon = instant{} + std::chrono::hours{500'000};

std::uint64_t ms_of(const id& value) {
  return value.high >> 16U;
}

} // namespace

TEST_CASE("an id is a UUID of version 7", "[id]") {
  id_source source{1};
  const auto text = to_string(source.next(noon));
  REQUIRE(text.size() == 36);
  CHECK(text[14] == '7');
  CHECK(std::string{"89ab"}.find(text[19]) != std::string::npos);
  CHECK(to_string(id{0x0192d3c45e6f7abc, 0x8def0123456789ab})
        == "0192d3c4-5e6f-7abc-8def-0123456789ab");
}

TEST_CASE("ids of one source rise and never repeat", "[id]") {
  id_source source{7};
  std::unordered_set<id> seen;
  const std::size_t count = 1'000'000;
  seen.reserve(count);
  id last;
  auto now = noon;
  std::size_t falls = 0;
  test::random_source chance{7};
  for (std::size_t i = 0; i < count; ++i) {
    if (chance.below(100) == 0) // time mostly stands still, may step back
      now += std::chrono::milliseconds{chance.below(5)} - 2ms;
    const auto made = source.next(now);
    falls += made > last ? 0 : 1;
    seen.insert(made);
    last = made;
  }
  CHECK(falls == 0);
  CHECK(seen.size() == count);
}

TEST_CASE("an id made later sorts later, whatever its source", "[id]") {
  id_source a{1};
  id_source b{2};
  for (int i = 0; i < 1000; ++i) {
    const auto now = noon + i * 2ms;
    CHECK(a.next(now) < b.next(now + 1ms));
  }
}

TEST_CASE("a clock that steps back does not make ids step back", "[id]") {
  id_source source{3};
  const auto before = source.next(noon);
  const auto after = source.next(noon - 1h);
  CHECK(before < after);
  CHECK(ms_of(before) == ms_of(after));
  CHECK(ms_of(source.next(noon + 1ms)) == ms_of(before) + 1);
}

TEST_CASE("two sources with different seeds do not collide", "[id]") {
  std::unordered_set<id> seen;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    seen.insert(id_source{seed}.next(noon));
  CHECK(seen.size() == 1000);
}

TEST_CASE("a source with the same seed repeats itself", "[id]") {
  CHECK(id_source{9}.next(noon) == id_source{9}.next(noon));
}

TEST_CASE("a time before the epoch counts as the epoch", "[id]") {
  id_source source{4};
  const auto made = source.next(instant{} - 1h);
  CHECK(ms_of(made) == 0);
  CHECK(static_cast<bool>(made));
  CHECK_FALSE(static_cast<bool>(id{}));
}

TEST_CASE("an id's text reads back as the id", "[id]") {
  const std::uint64_t seed = 11;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 1000; ++i) {
    const auto value = test::random<id>(chance);
    const auto read = parse_id(to_string(value));
    REQUIRE(read.has_value());
    CHECK(*read == value);
  }
}

TEST_CASE("what is not an id is refused", "[id]") {
  for (const auto* text :
       {"", "0", "0192d3c4-5e6f-7abc-8def-0123456789a",
        "0192d3c4-5e6f-7abc-8def-0123456789abc",
        "0192d3c45e6f7abc8def0123456789abcdef", "0192d3c4-5e6f-7abc-8def_0123",
        "0192d3c4_5e6f-7abc-8def-0123456789ab",
        "0192d3g4-5e6f-7abc-8def-0123456789ab",
        "{192d3c4-5e6f-7abc-8def-012345678ab}"}) {
    const auto read = parse_id(text);
    INFO(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::malformed_message);
  }
}

} // namespace troupe::protocol
