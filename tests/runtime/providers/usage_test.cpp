// What an answer states of its usage: nothing, nothing that can be, or figures.
#include "providers/anthropic_messages.hpp"
#include "providers/openai_chat.hpp"
#include "support/catch.hpp"

#include <troupe/protocol/json.hpp>

using namespace troupe;
using protocol::usage_source;
using providers::wire_format;

namespace {

constexpr auto reported = usage_source::reported;
constexpr auto estimated = usage_source::estimated;

struct usage_case {
  std::string stated; ///< Empty: no usage at all.
  std::uint64_t prompt;
  std::uint64_t output;
  usage_source with_text;
  usage_source without;
};

/// With the names of figures as %p and %o.
const std::vector<usage_case> cases{
    {"", 0, 0, estimated, estimated},
    {"{}", 0, 0, estimated, estimated},
    {R"({%p:0,%o:0})", 0, 0, estimated, reported},
    {R"({%p:9,%o:2})", 9, 2, reported, reported},
    {R"({%p:9,%o:0})", 9, 0, estimated, reported},
    {R"({%p:0,%o:2})", 0, 2, estimated, reported},
    {R"({%p:9})", 9, 0, estimated, estimated},
    {R"({%o:2})", 0, 2, estimated, estimated},
    {R"({%p:-9,%o:2})", 0, 2, estimated, estimated},
    {R"({%p:9,%o:-2})", 9, 0, estimated, estimated},
    {R"({%p:-9,%o:-2})", 0, 0, estimated, estimated},
    {R"({%p:"9",%o:null})", 0, 0, estimated, estimated},
    {R"({%p:9,%o:18446744073709551615})", 9, 0, estimated, estimated},
    {R"({%p:9,%o:1e300})", 9, 0, estimated, estimated},
    {R"({%p:9.0,%o:2.0})", 9, 2, reported, reported},
};

std::string replaced(std::string text, const std::string& old,
                     const std::string& fresh) {
  if (const auto at = text.find(old); at != std::string::npos)
    text.replace(at, old.size(), fresh);
  return text;
}

std::string in_names(const std::string& stated, wire_format format) {
  const bool is_openai = format == wire_format::openai_chat;
  const auto prompt = replaced(
      stated, "%p", is_openai ? R"("prompt_tokens")" : R"("input_tokens")");
  return replaced(prompt, "%o",
                  is_openai ? R"("completion_tokens")" : R"("output_tokens")");
}

/// The body of a whole answer with `text` and this usage.
std::string whole(const std::string& text, const std::string& usage,
                  wire_format format) {
  const auto end = usage.empty() ? "}" : R"(,"usage":)" + usage + "}";
  if (format == wire_format::openai_chat)
    return R"({"choices":[{"message":{"content":")" + text
           + R"("},"finish_reason":"stop"}])" + end;
  return R"({"type":"message","content":[{"type":"text","text":")" + text
         + R"("}],"stop_reason":"end_turn")" + end;
}

protocol::usage streamed(const std::vector<std::string>& events,
                         wire_format format) {
  const auto decoder = providers::make_stream_decoder(format);
  for (const auto& it : events)
    REQUIRE(decoder->on_event(it).has_value());
  auto reply = decoder->finish();
  REQUIRE(reply.has_value());
  return reply->used;
}

/// An Anthropic stream with `text` that begins and ends with these usages.
protocol::usage claude_streamed(const std::string& text,
                                const std::string& first,
                                const std::string& last) {
  return streamed(
      {R"({"type":"message_start","message":{"usage":)" + first + "}}",
       R"({"type":"content_block_start","index":0,"content_block":)"
       R"({"type":"text","text":")"
           + text + R"("}})",
       R"({"type":"message_delta","delta":{"stop_reason":"end_turn"})"
           + (last.empty() ? "" : R"(,"usage":)" + last) + "}",
       R"({"type":"message_stop"})"},
      wire_format::anthropic_messages);
}

} // namespace

TEST_CASE("a usage is reported when all of it is told and can be true",
          "[usage]") {
  const auto format =
      GENERATE(wire_format::openai_chat, wire_format::anthropic_messages);
  const bool has_text = GENERATE(true, false);
  for (const auto& it : cases) {
    CAPTURE(it.stated, static_cast<int>(format), has_text);
    const auto reply = providers::decode_reply(
        format,
        whole(has_text ? "Hi" : "", in_names(it.stated, format), format));
    REQUIRE(reply.has_value());
    CHECK(reply->used.prompt() == it.prompt);
    CHECK(reply->used.output == it.output);
    CHECK(reply->used.source == (has_text ? it.with_text : it.without));
  }
}

TEST_CASE("a stream of OpenAI's is judged by the same rules", "[usage]") {
  const auto format = wire_format::openai_chat;
  const std::string text = R"({"choices":[{"index":0,"delta":{"content":"Hi"},)"
                           R"("finish_reason":"stop"}]})";
  for (const auto& it : cases) {
    CAPTURE(it.stated);
    std::vector<std::string> events{text};
    if (!it.stated.empty())
      events.push_back(R"({"choices":[],"usage":)" + in_names(it.stated, format)
                       + "}");
    const auto used = streamed(events, format);
    CHECK(used.prompt() == it.prompt);
    CHECK(used.output == it.output);
    CHECK(used.source == it.with_text);
  }
}

TEST_CASE("what a stream's beginning says of its output is not its usage",
          "[usage]") {
  const std::string first = R"({"input_tokens":20,"output_tokens":1})";
  const auto cut = claude_streamed("Hello there", first, "");
  CHECK(cut.source == estimated);
  CHECK(cut.prompt() == 20);
  CHECK(cut.output == 0);
  const auto told = claude_streamed("Hello", first, R"({"output_tokens":3})");
  CHECK(told.source == reported);
  CHECK(told.prompt() == 20);
  CHECK(told.output == 3);
  const auto late = claude_streamed("Hello", R"({"input_tokens":0})",
                                    R"({"input_tokens":9,"output_tokens":3})");
  CHECK(late.source == reported);
  CHECK(late.prompt() == 9);
}
