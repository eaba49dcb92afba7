#include "support/runtime/faults.hpp"

#include <tuple>

namespace troupe::test {

using namespace std::chrono_literals;
using protocol::errc;
using end = scripted_reply::end;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string events_head =
    ok
    + "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string json_head = ok + "Content-Type: application/json\r\n";

std::string event(const std::string& json) {
  return "data: " + json + "\n\n";
}

/// A stream of `events` whose connection then does `then`.
scripted_reply stream_then(const std::string& events, end then) {
  auto reply = stream_reply(events, true);
  reply.then = then;
  return reply;
}

/// A stream of `events`, and `more` again and again.
scripted_reply dripping(const std::string& events, const std::string& more) {
  auto reply = stream_then(events, end::drip);
  const auto whole = stream_reply(more, true).bytes;
  reply.drop = whole.substr(whole.find("\r\n\r\n") + 4);
  return reply;
}

} // namespace

answer_form openai_form() {
  const std::string head = R"({"choices":[{"index":0,"delta":{)";
  return {provider_kind::openai_chat,
          event(head + R"("role":"assistant","content":"Hello there"}}]})"),
          event(head
                + R"("tool_calls":[{"index":0,"id":"c","function":{)"
                  R"("name":"look","arguments":"{\"a"}}]}}]})"),
          event(R"({"error":{"code":502,"message":"upstream went away"}})"),
          event(head + R"("content":"x"}}]})"),
          event(head + R"(},"finish_reason":"stop"}]})")
              + event(R"({"choices":[],"usage":{"prompt_tokens":20,)"
                      R"("completion_tokens":3}})")
              + event("[DONE]"),
          R"({"choices":[{"index":0,"message":{"role":"assistant",)"
          R"("content":"Hello there"},"finish_reason":"stop"}],)"
          R"("usage":{"prompt_tokens":20,"completion_tokens":3}})"};
}

answer_form anthropic_form() {
  const auto start =
      event(R"({"type":"message_start","message":{"type":"message",)"
            R"("content":[],"usage":{"input_tokens":20,"output_tokens":1}}})");
  const std::string block = R"({"type":"content_block_start","index":0,)"
                            R"("content_block":{)";
  const std::string delta =
      R"({"type":"content_block_delta","index":0,"delta":{)";
  return {provider_kind::anthropic_messages,
          start + event(block + R"("type":"text","text":""}})")
              + event(delta + R"("type":"text_delta","text":"Hello there"}})"),
          start
              + event(block
                      + R"("type":"tool_use","id":"c","name":"look",)"
                        R"("input":{}}})")
              + event(delta
                      + R"("type":"input_json_delta",)"
                        R"("partial_json":"{\"a"}})"),
          event(R"({"type":"error","error":{"type":"overloaded_error",)"
                R"("message":"Overloaded"}})"),
          event(delta + R"("type":"text_delta","text":"x"}})"),
          event(R"({"type":"message_delta","delta":{"stop_reason":)"
                R"("end_turn"},"usage":{"output_tokens":3}})")
              + event(R"({"type":"message_stop"})"),
          R"({"type":"message","role":"assistant","content":[{"type":"text",)"
          R"("text":"Hello there"}],"stop_reason":"end_turn",)"
          R"("usage":{"input_tokens":20,"output_tokens":3}})"};
}

namespace {

void add_waits(std::vector<fault>& all) {
  const std::string date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n";
  for (const auto& [headers, wait] :
       std::vector<std::pair<std::string, std::chrono::milliseconds>>{
           {"Retry-After: 7\r\n", 7s},
           {"Retry-After: 0.5\r\n", 500ms},
           {"retry-after-ms: 250\r\nRetry-After: 7\r\n", 250ms},
           {"x-ms-retry-after-ms: 80\r\n", 80ms},
           {date + "Retry-After: Sun, 06 Nov 1994 08:49:39 GMT\r\n", 2s},
           {date + "Retry-After: Sunday, 06-Nov-94 08:49:40 GMT\r\n", 3s},
           {date + "Retry-After: Sun Nov  6 08:49:41 1994\r\n", 4s},
           {date + "Retry-After: Sun, 06 Nov 1994 08:49:00 GMT\r\n", 0ms},
           {"Retry-After: soon\r\n", 0ms},
           {"Retry-After: -5\r\n", 0ms},
           {"Retry-After:\r\n", 0ms},
           {"Retry-After: 99999999999999999999\r\n", std::chrono::days{31}}})
    for (const auto& [status, code] :
         {std::pair{429U, errc::provider_throttled},
          std::pair{503U, errc::provider_unavailable}})
      all.push_back({std::to_string(status) + " with " + headers,
                     plain_reply(status, "{}", "application/json", headers),
                     code, false, false, wait});
}

} // namespace

std::vector<fault> refusals() {
  std::vector<fault> all;
  for (const auto& [status, code, is_billed] :
       std::vector<std::tuple<unsigned, errc, bool>>{
           {302, errc::provider_rejected, false},
           {307, errc::provider_rejected, false},
           {400, errc::provider_rejected, false},
           {401, errc::provider_unauthorized, false},
           {402, errc::provider_unfunded, false},
           {403, errc::provider_unauthorized, false},
           {404, errc::provider_rejected, false},
           {408, errc::provider_timeout, true},
           {413, errc::context_too_long, false},
           {429, errc::provider_throttled, false},
           {500, errc::provider_unavailable, false},
           {502, errc::provider_unavailable, false},
           {503, errc::provider_unavailable, false},
           {504, errc::provider_timeout, true},
           {529, errc::provider_unavailable, false}})
    all.push_back({"status " + std::to_string(status),
                   plain_reply(status, R"({"error":{"message":"no"}})",
                               "application/json",
                               "Location: http://127.0.0.1:1/v1/else\r\n"),
                   code, is_billed, false, status == 402 ? 900'000ms : 0ms});
  add_waits(all);
  all.push_back({"a refusal with a body of a megabyte",
                 plain_reply(500, std::string(1U << 20U, 'x'), "text/html"),
                 errc::provider_unavailable, false});
  all.push_back({"a refusal whose body is cut",
                 {"HTTP/1.1 429 X\r\nContent-Length: 99\r\n\r\n{", end::close},
                 errc::provider_throttled,
                 false});
  return all;
}

std::vector<fault> hidden_errors(const answer_form& form) {
  const std::string down = R"({"error":{"code":503,"message":"no"}})";
  const std::string full =
      R"({"error":{"type":"rate_limit_error","message":"no"}})";
  return {
      {"an error in place of an answer", plain_reply(200, down),
       errc::provider_unavailable, false},
      {"a limit in place of an answer", plain_reply(200, full),
       errc::provider_throttled, false},
      {"an error as the first event", stream_reply(form.error),
       errc::provider_unavailable, false},
      {"an error behind the beginning of a tool call",
       stream_reply(form.tool + form.error), errc::stream_truncated},
      {"an error behind a piece of text", stream_reply(form.piece + form.error),
       errc::stream_truncated, true, true},
  };
}

std::vector<fault> cuts(const answer_form& form) {
  std::vector<fault> all;
  for (const auto& [how, then] :
       {std::pair{"closed", end::close}, std::pair{"reset", end::reset}}) {
    const auto by = std::string{how} + " ";
    all.push_back(
        {by + "before the status", {{}, then}, errc::stream_truncated});
    all.push_back({by + "inside the header",
                   {ok + "Content-Ty", then},
                   errc::stream_truncated});
    all.push_back({by + "behind the header", stream_then({}, then),
                   errc::stream_truncated});
    all.push_back(
        {by + "inside a body with a length",
         {json_head + "Content-Length: 999\r\n\r\n" + form.whole, then},
         errc::stream_truncated});
    all.push_back({by + "before the first piece", stream_then(": hi\n\n", then),
                   errc::stream_truncated});
    all.push_back({by + "inside a tool call", stream_then(form.tool, then),
                   errc::stream_truncated});
    all.push_back({by + "behind the first piece", stream_then(form.piece, then),
                   errc::stream_truncated, true, true});
  }
  all.push_back({"a stream that ends well without its end",
                 stream_reply(form.piece), errc::stream_truncated, true, true});
  all.push_back({"an empty stream", stream_reply({}), errc::stream_truncated});
  all.push_back({"no content",
                 {"HTTP/1.1 204 No Content\r\n\r\n"},
                 errc::stream_truncated});
  return all;
}

std::vector<fault> hangs(const answer_form& form) {
  const auto slow = [](const char* name, scripted_reply reply,
                       bool is_committed = false) {
    return fault{name, std::move(reply), errc::provider_timeout,
                 true, is_committed,     {},
                 true};
  };
  const auto half = json_head + "Content-Length: 999\r\n\r\n" + form.whole;
  const std::string comment = ": working\n\n";
  const std::string nothing = "data: {}\n\n";
  return {
      slow("no answer", {{}, end::hang}),
      slow("half a header", {ok + "Content-Ty", end::hang}),
      slow("a header only", {events_head, end::hang}),
      slow("half a body", {half, end::hang}),
      slow("half a tool call", stream_then(form.tool, end::hang)),
      slow("a stream that stops", stream_then(form.piece, end::hang), true),
      slow("comments for ever", dripping({}, comment)),
      slow("empty events for ever", dripping({}, nothing)),
      slow("a piece, then comments", dripping(form.piece, comment), true),
      slow("a piece, then empty events", dripping(form.piece, nothing), true),
      slow("a character at a time", dripping(form.piece, form.more), true),
      slow("spaces for ever", {json_head + "\r\n", end::drip, 0, " "}),
  };
}

std::vector<fault> giants(const answer_form& form) {
  const std::string mega(1U << 20U, 'x');
  std::string many;
  for (int i = 0; i < 4'000; ++i)
    many += "X-" + std::to_string(i) + ": 0123456789\r\n";
  std::string wide;
  for (int i = 0; i < 17; ++i)
    wide += mega;
  std::string comments;
  for (int i = 0; i < 21 * 16; ++i)
    comments += ":" + std::string((1U << 16U) - 2, 'x') + "\n";
  const auto malformed = errc::provider_malformed;
  return {
      {"a header line of 40 KB",
       {ok + "X: " + std::string(40'000, 'x') + "\r\n\r\n"},
       malformed},
      {"4,000 header lines", {ok + many + "\r\n"}, malformed},
      {"an answer of 17 MiB", plain_reply(200, wide), malformed},
      {"a stream of 21 MiB", stream_reply(comments), malformed},
      {"an event of a megabyte", stream_reply("data: " + mega + "x\n\n"),
       malformed},
      {"an event of a megabyte behind a piece",
       stream_reply(form.piece + "data: " + mega + "x\n\n"), malformed, true,
       true},
      {"a chunk extension of 100 KB",
       {events_head + "3;" + std::string(100'000, 'x') + "\r\nabc\r\n"},
       malformed},
  };
}

} // namespace troupe::test
