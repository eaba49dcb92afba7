#include "providers/told_rates.hpp"
#include "support/catch.hpp"
#include "support/runtime/fake_upstream.hpp"
#include "support/runtime/provider_world.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::providers;
using actors::rate_kind;
using actors::told_rate;

namespace {

const auto now = *protocol::parse_instant("2026-11-22T10:00:00Z");

std::vector<told_rate> rates_of(http::header_list headers) {
  return read_told_rates({200, std::move(headers)}, now);
}

std::vector<told_rate> requests(const std::string& limit,
                                const std::string& remaining,
                                const std::string& reset) {
  return rates_of({{"x-ratelimit-limit-requests", limit},
                   {"x-ratelimit-remaining-requests", remaining},
                   {"x-ratelimit-reset-requests", reset}});
}

} // namespace

TEST_CASE("what is left is read as both providers write it", "[providers]") {
  CHECK(requests("60", "59", "1s")
        == std::vector<told_rate>{{rate_kind::requests, 60, 59, 1s}});
  CHECK(rates_of({{"x-ratelimit-limit-tokens", "150000"},
                  {"x-ratelimit-remaining-tokens", "149984"},
                  {"x-ratelimit-reset-tokens", "6m0s"}})
        == std::vector<told_rate>{{rate_kind::tokens, 150'000, 149'984, 6min}});
  CHECK(
      rates_of(
          {{"date", "Sun, 22 Nov 2026 11:00:00 GMT"}, // an hour before ours
           {"anthropic-ratelimit-input-tokens-limit", "50000"},
           {"anthropic-ratelimit-input-tokens-remaining", "40000"},
           {"anthropic-ratelimit-input-tokens-reset", "2026-11-22T11:00:12Z"},
           {"anthropic-ratelimit-output-tokens-limit", "10000"},
           {"anthropic-ratelimit-output-tokens-remaining", "0"},
           {"anthropic-ratelimit-output-tokens-reset", "2026-11-22T11:01:00Z"}})
      == std::vector<told_rate>{{rate_kind::input_tokens, 50'000, 40'000, 12s},
                                {rate_kind::output_tokens, 10'000, 0, 60s}});
}

TEST_CASE("what cannot be read of limits counts as not said", "[providers]") {
  CHECK(rates_of({}).empty());
  CHECK(requests("60", "", "1s").empty());
  CHECK(requests("60", "5", "").empty());
  for (const auto* bad : {"-1", "many", "1e9", "0x10", "nan", "inf", "5 5",
                          "12345678901234567890123456789012345"}) {
    INFO(bad);
    CHECK(requests("60", bad, "1s").empty());
  }
  for (const auto* bad : {"soon", "-1s", "1", "1y", "2026-13-01T00:00:00Z"}) {
    INFO(bad);
    CHECK(requests("60", "5", bad).empty());
  }
  CHECK(requests("60", std::string(100'000, '1'), "1s").empty());
  CHECK(requests("60", "5", std::string(100'000, '1')).empty());
  // A limit that cannot be read is one whose size is not known.
  CHECK(requests("lots", "5", "1s")
        == std::vector<told_rate>{{rate_kind::requests, 0, 5, 1s}});
  const auto huge = requests("99999999999999999999", "99999999999999", "9999h");
  REQUIRE(huge.size() == 1);
  CHECK(huge[0].limit <= 1'000'000'000'000);
  CHECK(huge[0].full_in <= std::chrono::days{31});
}

TEST_CASE("a good answer's limits are left for the router", "[http_provider]") {
  test::provider_world world{wire_format::openai_chat};
  const std::string answer =
      R"({"choices":[{"index":0,"message":{"role":"assistant",)"
      R"("content":"hi"},"finish_reason":"stop"}]})";
  world.upstream.will(
      test::plain_reply(200, answer, "application/json",
                        "X-RateLimit-Limit-Requests: 60\r\n"
                        "X-RateLimit-Remaining-Requests: "
                        "3\r\nX-RateLimit-Reset-Requests: 57s\r\n"));
  auto call = test::provider_world::call("hello");
  call.body.stream = false;
  REQUIRE(world.ask(call).has_value());
  CHECK(world.rates->take("fake")
        == std::vector<told_rate>{{rate_kind::requests, 60, 3, 57s}});
  CHECK(world.rates->take("fake").empty()); // once
  CHECK(world.rates->take("other").empty());
}
