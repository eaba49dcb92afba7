#include "providers/asked_wait.hpp"
#include "providers/provider_error.hpp"
#include "support/catch.hpp"
#include "troupe/actors/key_trouble.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::providers;
using protocol::duration;
using protocol::errc;
using protocol::instant;

namespace {

const instant now = *protocol::parse_instant("2026-11-22T10:00:00Z");

http::response_head head_with(http::header_list headers,
                              unsigned status = 429) {
  return {status, std::move(headers)};
}

duration wait_of(http::header_list headers, unsigned status = 429) {
  return read_asked_wait(head_with(std::move(headers), status), now).length;
}

duration after(const std::string& value) {
  return wait_of({{"retry-after", value}}, 503);
}

} // namespace

TEST_CASE("a wait is read in seconds, in milliseconds and as each date of HTTP",
          "[providers]") {
  CHECK(after("7") == 7s);
  CHECK(after(" 7 ") == 7s);
  CHECK(after("0.25") == 250ms);
  CHECK(after("0") == 0s);
  CHECK(after("Sun, 22 Nov 2026 10:00:30 GMT") == 30s);
  CHECK(after("Sunday, 22-Nov-26 10:00:30 GMT") == 30s);
  CHECK(after("Sun Nov 22 10:01:00 2026") == 60s);
  CHECK(wait_of({{"retry-after-ms", "1500"}}) == 1'500ms);
  CHECK(wait_of({{"x-ms-retry-after-ms", "40"}}) == 40ms);
  CHECK(wait_of({{"retry-after", "2"}, {"retry-after-ms", "1500"}}) == 1'500ms);
}

TEST_CASE("a date is compared with the answer's own, whatever our clock says",
          "[providers]") {
  CHECK(wait_of({{"date", "Tue, 01 Jan 2019 00:00:00 GMT"},
                 {"retry-after", "Tue, 01 Jan 2019 00:01:00 GMT"}})
        == 60s);
  CHECK(after("Sun, 22 Nov 2026 09:00:00 GMT") == 0s);
}

TEST_CASE("a wait that cannot be read is not one, and none is endless",
          "[providers]") {
  for (const auto* bad : {"", "soon", "-1", "nan", "inf", "1e3", "0x10", "7 s",
                          "7,5", "Sun, 32 Nov 2026 10:00:30 GMT",
                          "Sun, 22 Foo 2026 10:00:30 GMT", "Sun, 22 Nov 2026"})
    CHECK(after(bad) == 0s);
  CHECK(after(std::string(100'000, '9')) <= std::chrono::days{31});
  CHECK(after("99999999999999999999") == std::chrono::days{31});
  CHECK(after("Fri, 22 Nov 9999 10:00:30 GMT") == std::chrono::days{31});
  CHECK(after(std::string(10'000, ' ') + "x") == 0s);
}

TEST_CASE("without a wait the limits that are used up tell it", "[providers]") {
  CHECK(wait_of({{"anthropic-ratelimit-requests-remaining", "0"},
                 {"anthropic-ratelimit-requests-reset", "2026-11-22T10:00:12Z"},
                 {"anthropic-ratelimit-tokens-remaining", "4000"},
                 {"anthropic-ratelimit-tokens-reset", "2026-11-22T10:05:00Z"}})
        == 12s);
  CHECK(wait_of({{"x-ratelimit-remaining-tokens", "0"},
                 {"x-ratelimit-reset-tokens", "6m0s"}})
        == 360s);
  CHECK(wait_of({{"x-ratelimit-remaining-requests", "0"},
                 {"x-ratelimit-reset-requests", "12ms"}})
        == 12ms);
  CHECK(wait_of({{"x-ratelimit-remaining-requests", "0"},
                 {"x-ratelimit-reset-requests", "1h2m3.5s"}})
        == 3'723'500ms);
  CHECK(wait_of({{"x-ratelimit-remaining-requests", "0"},
                 {"x-ratelimit-reset-requests", "5 parsecs"}})
        == 0s);
  CHECK(wait_of({{"x-ratelimit-remaining-requests", "3"},
                 {"x-ratelimit-reset-requests", "12ms"}})
        == 0s);
  CHECK(wait_of({{"x-ratelimit-remaining-tokens", "0"},
                 {"x-ratelimit-reset-tokens", "6m0s"}},
                500)
        == 0s);
}

TEST_CASE("a provider may say that trying again is pointless", "[providers]") {
  CHECK(read_asked_wait(head_with({{"x-should-retry", "false"}}), now)
            .is_pointless);
  CHECK_FALSE(read_asked_wait(head_with({{"x-should-retry", "true"}}), now)
                  .is_pointless);
  const auto why = error_of_status(503, "", {2s, true}, now);
  CHECK(why.retries_spent);
  CHECK(why.retry_after == 2s);
}

TEST_CASE("a refusal's error holds the wait of its headers or of its body",
          "[providers]") {
  auto why = error_of_status(429, "{}", {3s, false}, now);
  CHECK(why.code == errc::provider_throttled);
  CHECK(why.retry_after == 3s);
  CHECK(why.detail.find("retry after") != std::string::npos);
  const auto* busy = R"({"error":{"code":503,"message":"busy",)"
                     R"("availability":{"retry_after":9}}})";
  why = error_of_status(503, busy, {}, now);
  CHECK(why.retry_after == 9s);
  CHECK(error_of_status(500, "{}", {}, now).retry_after == 0s);
}

TEST_CASE("a monthly limit of spending lasts until the next month",
          "[providers]") {
  const auto* body =
      R"({"type":"error","error":{"type":"rate_limit_error","message":"spend",)"
      R"("details":{"error_code":"enforced_spend_limit_reached"}}})";
  CHECK(error_of_status(429, body, {}, now).retry_after
        == std::chrono::days{8} + 14h);
  const auto december = *protocol::parse_instant("2026-12-31T23:59:00Z");
  CHECK(error_of_status(429, body, {}, december).retry_after == 60s);
  CHECK(error_of_status(
            429, R"({"error":{"code":"insufficient_quota","message":"pay"}})",
            {}, now)
            .retry_after
        == 15min);
  CHECK(error_of_status(402, "{}", {}, now).retry_after == 15min);
}

TEST_CASE("a refusal for want of money is told to be of the key",
          "[providers]") {
  const auto is_of_key = [](unsigned status, std::string_view body) {
    return actors::is_of_key(error_of_status(status, body, {1h, false}, now));
  };
  CHECK(is_of_key(402, "{}"));
  CHECK(is_of_key(429, R"({"error":{"code":"insufficient_quota"}})"));
  CHECK(is_of_key(400, R"({"error":{"type":"billing_error"}})"));
  CHECK(is_of_key(401, "{}"));
  CHECK(is_of_key(403, "{}"));
  CHECK_FALSE(is_of_key(429, "{}"));
  CHECK_FALSE(is_of_key(503, "{}"));
}
