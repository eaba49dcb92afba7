#include "support/catch.hpp"
#include "troupe/protocol/xml.hpp"

/// What JSON and XML both refuse, and the place that they name.
namespace troupe::protocol {

namespace {

std::string json_with(const std::string& body) {
  return R"({"kind":"request","type":"perform_task","header":{},"body":)" + body
         + '}';
}

std::string xml_with(const std::string& body) {
  return "<request xmlns='urn:troupe:message:1'><header/><perform_task>" + body
         + "</perform_task></request>";
}

error json_refusal(const std::string& text) {
  const auto read = decode_message(text);
  REQUIRE(read.has_error());
  return read.error();
}

error xml_refusal(const std::string& text) {
  const auto read = message_from_xml(text);
  REQUIRE(read.has_error());
  return read.error();
}

bool is_at_byte_of(const error& failure, const std::string& text,
                   const std::string& what) {
  return failure.code == errc::malformed_message
         && failure.detail.starts_with(
             "byte " + std::to_string(text.find(what) + what.size()) + ": ");
}

} // namespace

TEST_CASE("a number beyond all ranges is refused with its place",
          "[hostile_text]") {
  const auto json = json_with(R"({"seed":1e9999})");
  CHECK(is_at_byte_of(json_refusal(json), json, "1e9999"));
  CHECK(json_refusal(json_with(R"({"seed":1e99})")).detail
        == "/body/seed: expected an integer, found a number with a fraction or "
           "exponent");
  CHECK(json_refusal(json_with(R"({"seed":-1})"))
            .detail.starts_with("/body/seed: out of range"));
  CHECK(xml_refusal(xml_with("<seed>1e9999</seed>")).detail
        == "line 1, /request/perform_task/seed: expected an integer, found a "
           "text");
  CHECK(xml_refusal(xml_with("<seed>" + std::string(9999, '9') + "</seed>"))
            .detail.starts_with("line 1, /request/perform_task/seed: out of "
                                "range"));
}

TEST_CASE("a field that occurs twice is refused with its place",
          "[hostile_text]") {
  const auto json = json_with(R"({"task":"a","task":"b"})");
  CHECK(is_at_byte_of(json_refusal(json), json, R"("task":"b")"));
  CHECK(json_refusal(json).detail.ends_with(
      "field 'task' occurs twice in the object that ends here"));
  CHECK(xml_refusal(xml_with("<task>a</task>\n<task>b</task>")).detail
        == "line 2, /request/perform_task/task: field occurs twice");
}

TEST_CASE("a depth of 10,000 is refused with its place", "[hostile_text]") {
  const auto json = json_with(std::string(10'000, '['));
  // One level is open where the lists begin.
  CHECK(json_refusal(json)
        == fail(errc::limit_exceeded, "byte "
                                          + std::to_string(json.find('[') + 31)
                                          + ": values deeper than 32"));
  std::string items = "<inputs>\n";
  for (int i = 0; i < 10'000; ++i)
    items += "<item>\n";
  CHECK(xml_refusal(xml_with(items))
        == fail(errc::limit_exceeded, "line 31: elements deeper than 32"));
}

TEST_CASE("lone surrogates are refused with their place", "[hostile_text]") {
  for (const std::string escape :
       {R"(\ud800")", R"(\udc00")", R"(\ud800\u0041)", R"(\ud83cx)"}) {
    const auto json = json_with(R"({"task":")" + escape + "\"}");
    const auto failure = json_refusal(json);
    INFO(failure.detail);
    CHECK(failure.detail.starts_with("byte "));
    const auto at = json.find(escape);
    CHECK(std::stoul(failure.detail.substr(5)) >= at);
    CHECK(std::stoul(failure.detail.substr(5)) <= at + escape.size());
  }
  const std::string raw = "\xED\xA0\x80";
  CHECK(json_refusal(json_with("{\"task\":\"" + raw + "\"}"))
            .detail.starts_with("byte "));
  CHECK(xml_refusal(xml_with("\n<task>" + raw + "</task>")).detail
        == "line 2: text that is not UTF-8");
  CHECK(xml_refusal(xml_with("\n<task>&#xD800;</task>"))
            .detail.starts_with("line 2: "));
  CHECK(xml_refusal(xml_with("<task encoding='base64'>7aCA</task>")).detail
        == "line 1, /request/perform_task/task: text that is not UTF-8");
}

TEST_CASE("a body of 100 MB is refused as a whole before it is read",
          "[hostile_text]") {
  const auto refusal_of = [](const std::string& text) {
    return fail(errc::limit_exceeded, "document: " + std::to_string(text.size())
                                          + " bytes, allowed are 16777216");
  };
  const std::string body(100'000'000, 'x');
  const auto json = json_with("{\"task\":\"" + body + "\"}");
  CHECK(json_refusal(json) == refusal_of(json));
  CHECK(json_refusal(body) == refusal_of(body));
  const auto xml = xml_with("<task>" + body + "</task>");
  CHECK(xml_refusal(xml) == refusal_of(xml));
  CHECK(xml_refusal(body) == refusal_of(body));
}

TEST_CASE("a body of nearly 16 MiB is read", "[hostile_text]") {
  const std::string body(16'700'000, 'x');
  CHECK(decode_message(json_with("{\"task\":\"" + body + "\"}")).has_value());
  CHECK(message_from_xml(xml_with("<task>" + body + "</task>")).has_value());
}

} // namespace troupe::protocol
