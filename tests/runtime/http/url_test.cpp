#include "http/url.hpp"
#include "support/catch.hpp"

#include <vector>

using namespace troupe::http;
using troupe::protocol::errc;

TEST_CASE("a base URL gives origin and path", "[url]") {
  const auto plain = parse_base_url("https://api.example.com/v1/");
  REQUIRE(plain.has_value());
  CHECK(plain->at == origin{true, "api.example.com", 443});
  CHECK(plain->path == "/v1");
  CHECK(host_header(plain->at) == "api.example.com");
  const auto v6 = parse_base_url("http://[::1]:8080");
  REQUIRE(v6.has_value());
  CHECK(v6->at == origin{false, "::1", 8080});
  CHECK(v6->path.empty());
  CHECK(host_header(v6->at) == "[::1]:8080");
  CHECK(is_loopback(v6->at));
  CHECK_FALSE(is_loopback({false, "127.evil.example", 80}));
}

TEST_CASE("what is not a plain http address is refused", "[url]") {
  const std::vector<std::string> bad{"",
                                     "ftp://a",
                                     "https://",
                                     "https://a b",
                                     "https://user:key@a",
                                     "https://a?key=1",
                                     "https://a#x",
                                     "https://a:0",
                                     "https://a:70000",
                                     "https://a:",
                                     "https://a:1x",
                                     "https://[::1",
                                     "https://[::1]x",
                                     "https://a\r\nHost: b",
                                     "https://" + std::string(254, 'a'),
                                     "https://a/" + std::string(3000, 'a')};
  for (const auto& text : bad) {
    INFO(text);
    const auto read = parse_base_url(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::config_invalid);
  }
}
