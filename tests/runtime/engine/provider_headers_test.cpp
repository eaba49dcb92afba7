// What stands on the wire beside the call itself.
#include "support/catch.hpp"
#include "support/runtime/provider_mission.hpp"
#include "troupe/runtime/runtime.hpp"

using namespace troupe;
using protocol::run_state;
using test::canary_of;
using test::fake_upstream;

namespace {

constexpr auto openrouter_model = "openrouter/google/gemini-3.1-flash-lite";

/// The request that `provider` has sent for a mission of one task.
std::string request_of(const provider_config& provider,
                       const std::string& model, fake_upstream& upstream) {
  upstream.will(test::stream_reply(test::openai_stream()));
  auto troupe = runtime::create(test::config_with({provider}));
  REQUIRE(troupe.has_value());
  const auto report = troupe->run(test::mission_for(model));
  REQUIRE(report.has_value());
  CHECK(report->state == run_state::done);
  const auto requests = upstream.requests();
  REQUIRE(requests.size() == 1);
  return requests[0];
}

std::size_t times_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size()))
    ++count;
  return count;
}

} // namespace

TEST_CASE("a call to openrouter tells who calls", "[providers]") {
  fake_upstream upstream;
  auto provider = test::provider_at(upstream, "openrouter");
  provider.headers = {{"HTTP-Referer", "https://example.org"}};
  const auto request = request_of(provider, openrouter_model, upstream);
  CHECK(times_in(request, "\r\nX-Title: troupe\r\n") == 1);
  CHECK(times_in(request, "\r\nHTTP-Referer: https://example.org\r\n") == 1);
  CHECK(times_in(request, "\r\nAuthorization: Bearer " + canary_of("openrouter")
                              + "\r\n")
        == 1);
  CHECK(times_in(request, "\"model\":\"google/gemini-3.1-flash-lite\"") == 1);
}

TEST_CASE("a title from the configuration takes the place of ours",
          "[providers]") {
  fake_upstream upstream;
  auto provider = test::provider_at(upstream, "openrouter");
  provider.headers = {{"x-title", "newsroom"}};
  const auto request = request_of(provider, openrouter_model, upstream);
  CHECK(times_in(request, "newsroom") == 1);
  CHECK(times_in(request, ": troupe\r\n") == 1); // the User-Agent
}

TEST_CASE("other providers are not told who calls", "[providers]") {
  fake_upstream upstream;
  const auto request =
      request_of(test::provider_at(upstream), test::openai_model, upstream);
  CHECK(times_in(request, "X-Title") == 0);
  CHECK(times_in(request, "Referer") == 0);
}
