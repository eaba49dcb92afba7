#include "support/runtime/faults.hpp"

namespace troupe::test {

using protocol::errc;
using end = scripted_reply::end;

namespace {

const std::string ok = "HTTP/1.1 200 OK\r\n";
const std::string json = "Content-Type: application/json\r\n";
const std::string chunked = "Transfer-Encoding: chunked\r\n";

std::string length(std::size_t bytes) {
  return "Content-Length: " + std::to_string(bytes) + "\r\n";
}

/// Not HTTP, or not the framing of one answer.
std::vector<std::pair<std::string, std::string>>
bad_framing(const answer_form& form) {
  const auto& whole = form.whole;
  const auto size = length(whole.size());
  std::string hints;
  for (int i = 0; i < 20; ++i)
    hints += "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  return {
      {"HTTP/0.9", "<html>hello</html>\r\n\r\n"},
      {"SSH", "SSH-2.0-OpenSSH_9.2\r\n\r\n"},
      {"TLS", std::string("\x15\x03\x01\x00\x02\x02\x46", 7) + "\r\n\r\n"},
      {"bytes of nothing", std::string("\x00\x01\xfe\xff\r\n\r\n", 8)},
      {"a version of tomorrow", "HTTP/7.7 200 OK\r\n" + size + "\r\n" + whole},
      {"a status of four digits", "HTTP/1.1 2000 OK\r\n\r\n"},
      {"a header without a name", ok + ": x\r\n" + size + "\r\n" + whole},
      {"a space before the colon", ok + "X : x\r\n" + size + "\r\n" + whole},
      {"a zero in a header",
       ok + std::string("X: \x00y\r\n", 7) + size + "\r\n" + whole},
      {"a length of letters", ok + "Content-Length: abc\r\n\r\n" + whole},
      {"a length below zero", ok + "Content-Length: -1\r\n\r\n" + whole},
      {"a length of twenty digits",
       ok + "Content-Length: 99999999999999999999\r\n\r\n" + whole},
      {"two lengths", ok + length(3) + size + "\r\n" + whole},
      {"a length and chunks", ok + chunked + size + "\r\n" + whole},
      {"chunks of letters", ok + chunked + "\r\nzz\r\n"},
      {"a chunk of twenty digits",
       ok + chunked + "\r\nfffffffffffffffffffff\r\n" + whole},
      {"a chunk without its end", ok + chunked + "\r\n3\r\nabcdef\r\n"},
      {"gzip", ok + "Content-Encoding: gzip\r\n" + size + "\r\n" + whole},
      {"another transfer coding",
       ok + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"another protocol", "HTTP/1.1 101 Switching Protocols\r\n\r\n"},
      {"twenty interim answers", hints + ok + size + "\r\n" + whole},
  };
}

std::string with(std::string text, const std::string& old,
                 const std::string& fresh) {
  text.replace(text.find(old), old.size(), fresh);
  return text;
}

} // namespace

std::vector<fault> framing(const answer_form& form) {
  std::vector<fault> all;
  for (const auto& [name, bytes] : bad_framing(form))
    all.push_back({name, {bytes, end::close}, errc::provider_malformed});
  return all;
}

std::vector<fault> garbage(const answer_form& form) {
  const auto malformed = errc::provider_malformed;
  std::vector<fault> all;
  for (const auto& [name, body] :
       std::vector<std::pair<std::string, std::string>>{
           {"an empty answer", ""},
           {"a page", "<html>oops</html>"},
           {"null", "null"},
           {"half a JSON", form.whole.substr(0, form.whole.size() / 2)},
           {"JSON and more", form.whole + "}"},
           {"an answer without content", "{}"},
           {"an answer of lists", "[[[]]]"},
           {"deep JSON", std::string(5'000, '[') + std::string(5'000, ']')},
           {"bad UTF-8", with(form.whole, "Hello", "\xc3\x28")}})
    all.push_back({name, plain_reply(200, body), malformed});
  all.push_back(
      {"a length that cuts the answer",
       {ok + json + length(form.whole.size() - 9) + "\r\n" + form.whole,
        end::keep},
       malformed});
  for (const auto& [name, bytes] :
       std::vector<std::pair<std::string, std::string>>{
           {"an event of garbage", "data: {\"choices\":[\n\n"},
           {"an event of bad UTF-8", "data: \"\xff\xfe\"\n\n"},
           {"an event that is a list", "data: [1,2,3]\n\n"}}) {
    all.push_back({name, stream_reply(bytes), malformed});
    all.push_back({name + " behind a piece", stream_reply(form.piece + bytes),
                   malformed, true, true});
  }
  all.push_back({"a page in place of a stream",
                 plain_reply(200, "<html>oops</html>", "text/html"),
                 errc::stream_truncated});
  return all;
}

std::vector<fault> oddities(const answer_form& form) {
  const auto stream = form.piece + form.end;
  auto by_bytes = stream_reply(stream);
  by_bytes.piece_bytes = 1;
  auto cut_behind = stream_reply(stream, true);
  cut_behind.then = end::reset;
  const std::string hint = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
  const auto whole = plain_reply(200, form.whole);
  return {
      {"a stream", stream_reply(stream), {}},
      {"a byte at a time", by_bytes, {}},
      {"a stream cut behind its last word", cut_behind, {}},
      {"one piece in place of a stream", whole, {}},
      {"interim answers", {hint + hint + whole.bytes}, {}},
      {"bytes behind the answer", {whole.bytes + "HTTP/1.1 500 X\r\n"}, {}},
      {"a body until the connection ends",
       {ok + json + "\r\n" + form.whole, end::close},
       {}},
      {"an answer of HTTP/1.0",
       {"HTTP/1.0 200 OK\r\n" + json + "\r\n" + form.whole, end::close},
       {}},
      {"a stream that does not say so",
       {ok + chunked + "\r\n"
        + stream_reply(stream).bytes.substr(
            stream_reply(stream).bytes.find("\r\n\r\n") + 4)},
       {}},
  };
}

} // namespace troupe::test
