#include "providers/provider_error.hpp"
#include "support/catch.hpp"

#include <string>

using namespace troupe;
using namespace troupe::providers;
using protocol::errc;

TEST_CASE("a prompt above the window is told as such in each server's words",
          "[providers]") {
  const auto code_of = [](const std::string& error) {
    return error_of_status(400, "{\"error\":{" + error + "}}", {}, {}).code;
  };
  for (const auto* error :
       {"\"code\":\"context_length_exceeded\",\"message\":\"x\"",
        "\"message\":\"This model's maximum context length is 8192 tokens\"",
        "\"message\":\"prompt is too long: 210000 tokens > 200000 maximum\"",
        // llama.cpp's server
        "\"code\":400,\"message\":\"request (9025 tokens) exceeds the "
        "available context size (2048 tokens)\","
        "\"type\":\"exceed_context_size_error\""}) {
    CAPTURE(error);
    CHECK(code_of(error) == errc::context_too_long);
  }
}

TEST_CASE("words about a context do not make another refusal of a refusal",
          "[providers]") {
  const auto* body = R"({"error":{"message":"exceeds the context window"}})";
  CHECK(error_of_status(429, body, {}, {}).code == errc::provider_throttled);
  CHECK(error_of_status(503, body, {}, {}).code == errc::provider_unavailable);
  CHECK(error_of_status(400, R"({"error":{"message":"context is everything"}})",
                        {}, {})
            .code
        == errc::provider_rejected);
}
