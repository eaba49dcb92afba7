#include "support/catch.hpp"
#include "support/runtime/fake_upstream.hpp"
#include "support/runtime/test_certificate.hpp"
#include "tools/http_tool.hpp"

#include <atomic>
#include <cstdlib>
#include <thread>

using namespace std::chrono_literals;
using namespace troupe;
using boost::asio::ip::make_address;
using protocol::errc;
using test::fake_upstream;
using test::plain_reply;
using test::scripted_reply;

namespace {

using addresses = std::vector<boost::asio::ip::address>;

/// A tool whose server is on loopback under any name, unless told otherwise.
struct world {
  explicit world(std::shared_ptr<boost::asio::ssl::context> tls = nullptr)
      : upstream(std::move(tls)) {
    config.name = "probe";
    config.timeout = 20s;
    config.http.allow = {"api.example", "other.example"};
    config.http.allow_private = true;
    at("api.example", "/v1");
  }

  void at(const std::string& host, const std::string& path) {
    config.http.url = "http://" + host + ":" + port() + path;
  }
  std::string port() const { return std::to_string(upstream.port()); }

  protocol::result<std::string> call(std::string_view arguments = "{}",
                                     protocol::instant deadline = {},
                                     std::stop_token stop = {}) {
    const auto made = tools::make_http_tool(
        config, io,
        [this](const std::string& host, auto,
               const auto&) -> protocol::result<addresses> {
          ++lookups;
          if (host == "inside.example")
            return addresses{make_address("127.0.0.1"),
                             make_address("169.254.169.254")};
          return leads_to;
        });
    REQUIRE(made.has_value());
    return made->code({arguments, deadline, std::move(stop), "a1b2"});
  }

  /// Of a call that is redirected to `location`.
  protocol::result<std::string> redirected(const std::string& location,
                                           unsigned status = 302) {
    upstream.will(plain_reply(status, "moved", "text/plain",
                              "Location: " + location + "\r\n"));
    upstream.will(plain_reply(200, "there"));
    return call();
  }

  http::io_thread io;
  fake_upstream upstream;
  tool_config config;
  addresses leads_to{make_address("127.0.0.1")};
  int lookups = 0;
};

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("a server is asked with the arguments, and answers", "[http_tool]") {
  world w;
  w.at("api.example", "/v1/{city}");
  w.upstream.will(plain_reply(200, "12 degrees"));
  CHECK(*w.call(R"({"city": "Köln", "unit": "c"})") == "12 degrees");
  const auto asked = w.upstream.requests().at(0);
  CHECK(asked.starts_with("GET /v1/K%C3%B6ln?unit=c HTTP/1.1\r\n"));
  CHECK(has(asked, "Host: api.example:" + w.port()));
  CHECK(has(asked, "Idempotency-Key: a1b2\r\n"));
}

TEST_CASE("a POST carries its arguments as JSON", "[http_tool]") {
  world w;
  w.config.http.method = http_method::POST;
  w.upstream.will(plain_reply(201, "made"));
  CHECK(*w.call(R"({"b": [1]})") == "made");
  const auto asked = w.upstream.requests().at(0);
  CHECK(asked.starts_with("POST /v1 HTTP/1.1\r\n"));
  CHECK(has(asked, "Content-Type: application/json\r\n"));
  CHECK(asked.ends_with(R"({"b":[1]})"));
}

TEST_CASE("a key comes from its variable and is shown to nobody",
          "[http_tool]") {
  ::setenv("TROUPE_TEST_TOOL_KEY", "canary-0123456789", 1);
  world w;
  w.config.http.headers = {{"Authorization", "Bearer $TROUPE_TEST_TOOL_KEY"}};
  w.upstream.will(plain_reply(200, "you said canary-0123456789"));
  CHECK(*w.call() == "you said [redacted]");
  CHECK(has(w.upstream.requests().at(0),
            "Authorization: Bearer canary-0123456789\r\n"));
  w.upstream.will(plain_reply(400, "bad key canary-0123456789"));
  CHECK(w.call().error().detail
        == "'probe': the server answered 400: bad key [redacted]");
  ::unsetenv("TROUPE_TEST_TOOL_KEY");
  const auto made = tools::make_http_tool(w.config, w.io, {});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().code == errc::provider_unauthorized);
}

TEST_CASE("a server that fails is told to the model", "[http_tool]") {
  world w;
  w.upstream.will(plain_reply(503, "later"));
  CHECK(w.call().error().code == errc::tool_failed);
  w.upstream.will({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc",
                   scripted_reply::end::close});
  CHECK(w.call().error().code == errc::tool_failed);
  w.upstream.will({"no HTTP", scripted_reply::end::close});
  CHECK(w.call().error().code == errc::tool_failed);
  CHECK(w.call("[1]").error().code == errc::invalid_request);
  CHECK(w.call("{").error().code == errc::invalid_request);
  w.at("api.example", "/{city}");
  CHECK(w.call().error().detail == "'probe': the argument 'city' is missing");
}

TEST_CASE("an answer above its bound is refused", "[http_tool]") {
  world w;
  w.config.http.response_max = 100;
  w.upstream.will(plain_reply(200, std::string(100, 'x')));
  CHECK(w.call()->size() == 100);
  w.upstream.will(plain_reply(200, std::string(101, 'x')));
  const auto failed = w.call();
  CHECK(failed.error().code == errc::tool_failed);
  CHECK(failed.error().detail
        == "'probe': the server said more than 100 bytes");
}

TEST_CASE("an answer that is no UTF-8 becomes text", "[http_tool]") {
  world w;
  w.upstream.will(plain_reply(200, "a\xFF"
                                   "b"));
  CHECK(*w.call()
        == "a\xEF\xBF\xBD"
           "b");
}

TEST_CASE("an answer that drips ends with the tool's time", "[http_tool]") {
  world w;
  w.config.timeout = 200ms;
  w.upstream.will({"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n",
                   scripted_reply::end::drip, 0, "x"});
  auto failed = w.call();
  CHECK(failed.error().code == errc::tool_failed);
  CHECK(failed.error().detail == "'probe': it took longer than 200 ms");
  w.config.timeout = 20s;
  const auto soon = std::chrono::system_clock::now() + 100ms;
  failed = w.call("{}", protocol::instant{soon}); // it hangs
  CHECK(failed.error().code == errc::deadline_exceeded);
  CHECK(w.upstream.wait_for_quiet());
}

TEST_CASE("R5: a call ends with its task, and so does its connection",
          "[http_tool]") {
  world w;
  std::stop_source stop;
  protocol::result<std::string> outcome = std::string{};
  {
    const std::jthread caller{[&] {
      outcome = w.call("{}", {}, stop.get_token());
    }};
    CHECK(w.upstream.wait_for_requests(1));
    stop.request_stop();
  }
  CHECK(outcome.error().code == errc::cancelled);
  CHECK(w.upstream.wait_for_quiet());
}

TEST_CASE("G6: a name that leads inside is not called", "[http_tool]") {
  world w;
  w.config.http.allow_private = false;
  for (const auto* inside :
       {"127.0.0.1", "10.0.0.8", "169.254.169.254", "100.64.0.1", "::1",
        "::ffff:127.0.0.1", "fd00::1", "0.0.0.0", "64:ff9b::7f00:1"}) {
    INFO(inside);
    w.leads_to = {make_address(inside)};
    const auto failed = w.call();
    CHECK(failed.error().code == errc::url_forbidden);
  }
  w.leads_to = {make_address("8.8.8.8"), make_address("192.168.1.1")};
  CHECK(w.call().error().detail
        == "'probe': 'api.example' leads to 192.168.1.1, which is private");
  w.config.http.allow = {"localhost", "127.0.0.1", "2130706433"};
  w.at("localhost", "/");
  CHECK(w.call().error().code == errc::url_forbidden);
  w.at("127.0.0.1", "/");
  CHECK(w.call().error().code == errc::url_forbidden);
  w.at("2130706433", "/"); // what the system's resolver makes of it
  w.leads_to = {make_address("127.0.0.1")};
  CHECK(w.call().error().code == errc::url_forbidden);
  CHECK(w.upstream.connections() == 0);
}

TEST_CASE("G6: even the own network does not open what tells keys",
          "[http_tool]") {
  world w;
  w.leads_to = {make_address("169.254.169.254")};
  CHECK(w.call().error().code == errc::url_forbidden);
}

TEST_CASE("G6: a host that is not on the list is not even looked up",
          "[http_tool]") {
  world w;
  w.config.http.allow = {"other.example"};
  const auto failed = w.call();
  CHECK(failed.error().code == errc::url_forbidden);
  CHECK(failed.error().detail == "'probe': 'api.example' is not allowed");
  CHECK(w.lookups == 0);
}

TEST_CASE("G6: the address that was looked at is the one that is called",
          "[http_tool]") {
  world w;
  w.upstream.will(plain_reply(200, "here"));
  CHECK(*w.call() == "here"); // no resolver of the system knows this name
  CHECK(w.lookups == 1);
}

TEST_CASE("G6: each redirect is looked at anew", "[http_tool]") {
  world w;
  CHECK(*w.redirected("/v2") == "there");
  CHECK(w.upstream.requests().at(1).starts_with("GET /v2 "));
  CHECK(w.lookups == 2);
  const auto forbids = [](const std::string& location) {
    world fresh;
    fresh.config.http.allow.emplace_back("inside.example");
    fresh.config.http.allow.emplace_back("169.254.169.254");
    const auto outcome = fresh.redirected(location);
    return !outcome && outcome.error().code == errc::url_forbidden
           && fresh.upstream.requests().size() == 1;
  };
  CHECK(forbids("http://169.254.169.254/latest/meta-data"));
  CHECK(forbids("http://inside.example/"));
  CHECK(forbids("http://elsewhere.example/"));
  CHECK(forbids("http://api.example:22/"));
  CHECK(forbids("ftp://api.example/"));
}

TEST_CASE("G6: a key does not follow a redirect to another host",
          "[http_tool]") {
  ::setenv("TROUPE_TEST_TOOL_KEY", "canary-0123456789", 1);
  world w;
  w.config.http.headers = {{"X-Token", "$TROUPE_TEST_TOOL_KEY"},
                           {"X-Plain", "yes"}};
  CHECK(*w.redirected("http://other.example:" + w.port() + "/b") == "there");
  const auto asked = w.upstream.requests().at(1);
  CHECK_FALSE(has(asked, "canary"));
  CHECK(has(asked, "X-Plain: yes\r\n"));
  CHECK(has(asked, "Host: other.example"));
  ::unsetenv("TROUPE_TEST_TOOL_KEY");
}

TEST_CASE("G6: the server at the address must prove that it has the name",
          "[http_tool]") {
  const test::test_certificate cert; // good for 127.0.0.1 alone
  world w{cert.server()};
  w.config.http.ca_file = cert.file();
  w.config.http.allow = {"api.example", "127.0.0.1"};
  w.upstream.will(plain_reply(200, "here"));
  w.config.http.url = "https://127.0.0.1:" + w.port() + "/v1";
  CHECK(*w.call() == "here");
  w.config.http.url = "https://api.example:" + w.port() + "/v1";
  const auto failed = w.call();
  CHECK(failed.error().code == errc::tool_failed);
  CHECK(has(failed.error().detail, "certificate"));
  CHECK(w.upstream.requests().size() == 1);
}

TEST_CASE("a redirect keeps a POST or makes a GET of it, by its status",
          "[http_tool]") {
  for (const auto& [status, start] :
       std::vector<std::pair<unsigned, std::string>>{{302, "GET /b "},
                                                     {303, "GET /b "},
                                                     {307, "POST /b "},
                                                     {308, "POST /b "}}) {
    world w;
    w.config.http.method = http_method::POST;
    CHECK(*w.redirected("/b", status) == "there");
    CHECK(w.upstream.requests().at(1).starts_with(start));
  }
}

TEST_CASE("redirects end", "[http_tool]") {
  world w;
  w.config.http.redirects_max = 2;
  for (int i = 0; i < 3; ++i)
    w.upstream.will(plain_reply(301, "", "text/plain", "Location: /again\r\n"));
  const auto failed = w.call();
  CHECK(failed.error().detail
        == "'probe': the server redirects more than 2 times");
  CHECK(w.upstream.requests().size() == 3);
}

TEST_CASE("the system's resolver knows this machine and no nonsense",
          "[http_tool]") {
  http::io_thread io;
  const auto resolve = tools::system_resolver(io);
  const auto due = std::chrono::steady_clock::now() + 20s;
  const auto found = resolve("localhost", due, {});
  REQUIRE(found.has_value());
  CHECK(found->front().is_loopback());
  CHECK(resolve("no such name", due, {}).error().code == errc::tool_failed);
  CHECK(resolve("localhost", {}, {}).error().code == errc::deadline_exceeded);
}
