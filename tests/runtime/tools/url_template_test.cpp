#include "support/catch.hpp"
#include "tools/url_template.hpp"

#include <boost/json/parse.hpp>

using namespace troupe;
using protocol::errc;
using tools::place;

namespace {

protocol::result<tools::filled_request>
filled(const std::string& url, const std::string& arguments,
       http_method method = http_method::GET) {
  const auto made = tools::parse_url_template(url);
  REQUIRE(made.has_value());
  return tools::fill(*made, method, boost::json::parse(arguments).as_object());
}

std::string target(const std::string& url, const std::string& arguments) {
  const auto made = filled(url, arguments);
  return made ? made->target : made.error().detail;
}

const place from{{true, "api.example", 443}, "/v1/a?x=1"};

std::string led(const std::string& location) {
  const auto to = tools::follow(from, location);
  if (!to)
    return std::string{protocol::to_string(to.error().code)};
  return (to->at.tls ? "" : "plain ") + http::host_header(to->at) + to->target;
}

} // namespace

TEST_CASE("a URL has arguments in its path and query only", "[url_template]") {
  CHECK(tools::parse_url_template("https://api.example").has_value());
  CHECK(tools::parse_url_template("https://api.example:8443/a/{b}?c={d}")
            .has_value());
  for (const std::string bad :
       {"https://{host}.example/", "https://api.example:{port}/",
        "{scheme}://api.example/", "https://user@api.example/",
        "https://api.example?q={q}", "https://api.example/{",
        "ftp://a.example/", "https://api.example/{}",
        "https://api.example/{a b}", "https://api.example/a#b",
        "https://api.example/a b", "", "/path", "https://",
        "https://api.example/}"}) {
    INFO(bad);
    CHECK_FALSE(tools::parse_url_template(bad).has_value());
  }
}

TEST_CASE("arguments cannot change what is around them", "[url_template]") {
  const std::string url = "https://api.example/v1/{city}/now?unit={unit}";
  CHECK(target(url, R"({"city": "Bonn", "unit": "c"})")
        == "/v1/Bonn/now?unit=c");
  CHECK(target(url, R"({"city": "a/../b?c#d&e=f", "unit": "%2e\r\nX: y"})")
        == "/v1/a%2F..%2Fb%3Fc%23d%26e%3Df/now?unit=%252e%0D%0AX%3A%20y");
  CHECK(target(url, R"({"city": "Köln", "unit": -1.5})")
        == "/v1/K%C3%B6ln/now?unit=-1.5E0");
  CHECK(target(url, R"({"city": 7, "unit": true, "day": "a b", "of": [1]})")
        == "/v1/7/now?unit=true&day=a%20b&of=%5B1%5D");
  CHECK(target("https://api.example/x", R"({"q": "1"})") == "/x?q=1");
}

TEST_CASE("arguments that are missing or unfit are named", "[url_template]") {
  const std::string url = "https://api.example/v1/{city}/now";
  CHECK(target(url, "{}") == "the argument 'city' is missing");
  CHECK(target(url, R"({"city": [1]})")
        == "the argument 'city' must be text or a number");
  CHECK(target(url, R"({"city": null})")
        == "the argument 'city' must be text or a number");
  for (const std::string bad : {"..", ".", ""}) {
    const auto made = filled(url, R"({"city": ")" + bad + R"("})");
    CHECK(made.error().code == errc::invalid_request);
  }
  CHECK(filled("https://api.example/{a}{b}", R"({"a": ".", "b": "."})")
            .error()
            .code
        == errc::invalid_request);
  CHECK(filled(url, R"({"city": ")" + std::string(9'000, 'x') + R"("})")
            .error()
            .code
        == errc::limit_exceeded);
}

TEST_CASE("what a URL does not name goes into the body of a POST",
          "[url_template]") {
  const auto made = filled("https://api.example/{a}",
                           R"({"a": "x", "b": [1, "y"]})", http_method::POST);
  REQUIRE(made.has_value());
  CHECK(made->target == "/x");
  CHECK(made->body == R"({"b":[1,"y"]})");
}

TEST_CASE("redirects lead where they say, and never out of https",
          "[url_template]") {
  CHECK(led("/b") == "api.example/b");
  CHECK(led("b?c") == "api.example/v1/b?c");
  CHECK(led("?y=2") == "api.example/v1/a?y=2");
  CHECK(led("//cdn.example/b#c") == "cdn.example/b");
  CHECK(led("https://cdn.example:444?q") == "cdn.example:444/?q");
  CHECK(led("/b?to=http://x") == "api.example/b?to=http://x");
  for (const std::string bad :
       {"", "#", "http://api.example/", "ftp://api.example/", "file:///etc",
        "https://user:x@api.example/", "/a b", "/a\r\nX: y", "https://", "//",
        "https://a.example:0/", "https://a.example:99999/"}) {
    INFO(bad);
    CHECK(led(bad) == "url_forbidden");
  }
  CHECK_FALSE(tools::follow(from, '/' + std::string(9'000, 'x')).has_value());
}
