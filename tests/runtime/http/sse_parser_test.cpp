#include "http/sse_parser.hpp"
#include "support/catch.hpp"

#include <vector>

using namespace troupe;
using http::sse_event;
using http::sse_parser;

namespace {

/// All events of `text`, as `name=data;`, fed in pieces of `size`.
std::string events_of(const std::string& text, std::size_t size) {
  sse_parser parser;
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += size) {
    const auto fed = parser.feed(std::string_view{text}.substr(i, size),
                                 [&](const sse_event& event) {
                                   out += event.name + "=" + event.data + ";";
                                   return protocol::result<void>{};
                                 });
    REQUIRE(fed.has_value());
  }
  return out;
}

struct sample {
  std::string text;
  std::string events;
};

const std::vector<sample> samples{
    {"data: a\n\n", "=a;"},
    {"data: a\r\n\r\ndata: b\r\n\r\n", "=a;=b;"},
    {"data: a\r\rdata: b\r\r", "=a;=b;"},
    {"\xEF\xBB\xBF"
     "data: a\n\n",
     "=a;"},
    {"data: a\n\n\xEF\xBB\xBF"
     "data: b\n\n",
     "=a;"},
    {": comment\ndata: a\ndata: b\n\n", "=a\nb;"},
    {"event: x\ndata:a\n\ndata: b\n\n", "x=a;=b;"},
    {"event: x\n\ndata: b\n\n", "=b;"},
    {"data\n\n", "=;"},
    {"data:  a\nid: 3\nretry: 5\nother\n\n", "= a;"},
    {"data: cut", ""},
    {"data: cut\n", ""},
    {"\n\n\r\n\r", ""},
};

} // namespace

TEST_CASE("events come out the same however the stream is cut",
          "[sse_parser]") {
  for (const auto& [text, events] : samples)
    for (std::size_t size = 1; size <= text.size(); ++size) {
      INFO("in pieces of " << size << ": " << text);
      CHECK(events_of(text, size) == events);
    }
}

TEST_CASE("a line or an event above its limit ends the stream",
          "[sse_parser]") {
  const auto ignore = [](const sse_event&) {
    return protocol::result<void>{};
  };
  sse_parser lines{16};
  CHECK(lines.feed("data: 0123456789", ignore).has_value());
  CHECK(lines.feed("0", ignore).error().code
        == protocol::errc::provider_malformed);
  sse_parser events{16};
  CHECK(events.feed("data: 012345\ndata: 01234567\n", ignore).has_value());
  CHECK(events.feed("data: 0\n", ignore).error().code
        == protocol::errc::provider_malformed);
}
