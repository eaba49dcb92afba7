#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/catalogue.hpp"
#include "troupe/protocol/mission.hpp"
#include "troupe/protocol/report.hpp"
#include "troupe/protocol/xml.hpp"

namespace troupe::protocol {

namespace {

/// `inner` as an element `x` in troupe's namespace.
std::string x_of(std::string_view inner) {
  return "<x xmlns=\"" + std::string(xml_namespace) + "\">" + std::string(inner)
         + "</x>";
}

template <class T>
std::string refusal_of(std::string_view inner) {
  const auto read = from_xml<T>(x_of(inner), "x");
  INFO(inner);
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::malformed_message);
  return read.error().detail;
}

template <class T>
result<T> read_back(const T& value) {
  return from_xml<T>(to_xml(value, "x"), "x");
}

template <class T>
void check_round_trips(std::uint64_t seed) {
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 300; ++i) {
    const auto value = test::random<T>(chance);
    for (const auto layout : {xml_layout::one_line, xml_layout::indented}) {
      const auto text = to_xml(value, "x", layout);
      INFO(text);
      const auto read = from_xml<T>(text, "x");
      INFO((read ? std::string{} : read.error().detail));
      REQUIRE(read.has_value());
      CHECK(*read == value);
    }
  }
}

} // namespace

TEST_CASE("described structs read back from XML as they were", "[xml_codec]") {
  check_round_trips<mission>(61);
  check_round_trips<model_spec>(62);
  check_round_trips<run_report>(63);
  check_round_trips<std::vector<content_part>>(64);
}

TEST_CASE("the XML form is what docs/wire.md says", "[xml_codec]") {
  perform_task task;
  CHECK(to_xml(task, "t") == "<t xmlns=\"urn:troupe:message:1\"/>");
  task.task = "a";
  task.inputs = {{"b", "1 < 2"}, {"c", ""}};
  CHECK(to_xml(task, "t")
        == "<t xmlns=\"urn:troupe:message:1\"><task>a</task><inputs>"
           "<item><name>b</name><text>1 &lt; 2</text></item>"
           "<item><name>c</name><text/></item></inputs></t>");
  CHECK(to_xml(content_part{text_part{"x"}}, "part", xml_layout::indented)
        == "<part xmlns=\"urn:troupe:message:1\">\n"
           "  <text>\n    <text>x</text>\n  </text>\n</part>\n");
}

TEST_CASE("any Unicode text comes back from XML exactly", "[xml_codec]") {
  for (const auto& text :
       {std::string{}, std::string{" "}, std::string{"\n"}, std::string{"\r"},
        std::string{" \t\r\n "}, std::string{"a\r\nb\rc\nd"},
        std::string{"]]>"}, std::string{"<![CDATA[x]]>"},
        std::string{"&amp;&#13;"}, std::string{"\0", 1},
        std::string{"a\0b\x01\x1F", 5}, std::string{"\x7F\xC2\x80\xC2\x9F"},
        std::string{"\xEF\xBF\xBE\xEF\xBF\xBF"}, std::string{"\xEF\xBB\xBF"},
        std::string{"\xF4\x8F\xBF\xBF"}, std::string{"eA=="},
        std::string{"<!-- -->"}}) {
    const auto xml = to_xml(text, "x");
    INFO(xml);
    CHECK(read_back(text).value() == text);
  }
  for (unsigned code = 0; code < 128; ++code) {
    const std::string text(1, static_cast<char>(code));
    CHECK(read_back(text).value() == text);
    CHECK(read_back('a' + text + 'b').value() == 'a' + text + 'b');
  }
}

TEST_CASE("only what XML cannot hold is written as base64", "[xml_codec]") {
  CHECK(to_xml(std::string{"a\r\n\t]]>&"}, "x")
        == "<x xmlns=\"urn:troupe:message:1\">a&#13;\n\t]]&gt;&amp;</x>");
  CHECK(to_xml(std::string{"\x01"}, "x")
        == "<x xmlns=\"urn:troupe:message:1\" encoding=\"base64\">AQ==</x>");
  const auto read = [](std::string_view base64) {
    return from_xml<std::string>("<x xmlns='urn:troupe:message:1' "
                                 "encoding='base64'>"
                                     + std::string(base64) + "</x>",
                                 "x");
  };
  CHECK(read(" eHk= \n").value() == "xy");
  CHECK(read("").value().empty());
  for (const auto* bad : {"e", "eA", "eA=", "eB==", "e===", "=", "e A=", "e-A=",
                          "/w==", "7aCA"}) { // the last two are not UTF-8
    INFO(bad);
    CHECK(read(bad).has_error());
  }
}

TEST_CASE("text that is not Unicode does not come through XML", "[xml_codec]") {
  for (const auto* text : {"\xFF", "a\xC3", "\xED\xA0\x80"})
    CHECK(read_back(std::string(text)).has_error());
}

TEST_CASE("an unknown XML field is refused with its place", "[xml_codec]") {
  CHECK(refusal_of<perform_task>("\n<promt>x</promt>")
        == "line 2, /x/promt: unknown field (did you mean 'prompt'?)");
  CHECK(refusal_of<perform_task>("<inputs><item><name>a</name><text>b</text>"
                                 "</item><item><name>a</name><text/><y/>"
                                 "</item></inputs>")
        == "line 1, /x/inputs/item[2]/y: unknown field");
  CHECK(refusal_of<perform_task>("<inputs><itm/></inputs>")
        == "line 1, /x/inputs/itm: unknown field (did you mean 'item'?)");
  CHECK(refusal_of<perform_task>("<task xmlns=''>a</task>")
        == "line 1, /x/task: not in the namespace urn:troupe:message:1");
  CHECK(refusal_of<perform_task>("<task lang='en'>a</task>")
        == "line 1, /x/task/@lang: unknown attribute");
  CHECK(refusal_of<perform_task>("<attempt encoding='base64'>MQ==</attempt>")
        == "line 1, /x/attempt/@encoding: only a text may be base64");
  CHECK(refusal_of<perform_task>("<task encoding='hex'>00</task>")
        == "line 1, /x/task/@encoding: unknown attribute");
}

TEST_CASE("a missing or repeated XML field is refused with its place",
          "[xml_codec]") {
  CHECK(refusal_of<perform_task>("<inputs><item>\n<name>a</name></item>"
                                 "</inputs>")
        == "line 1, /x/inputs/item[1]/text: missing field");
  CHECK(refusal_of<agent_registered>("")
        == "line 1, /x/incarnation: missing field");
  CHECK(refusal_of<perform_task>("<task>a</task>\n<task>a</task>")
        == "line 2, /x/task: field occurs twice");
}

TEST_CASE("a wrong type in XML is refused with its place", "[xml_codec]") {
  CHECK(refusal_of<perform_task>("<prompt><a/></prompt>")
        == "line 1, /x/prompt: expected a text, found elements");
  CHECK(refusal_of<perform_task>("<inputs>a</inputs>")
        == "line 1, /x/inputs: expected elements, found text");
  CHECK(refusal_of<perform_task>("a")
        == "line 1, /x: expected elements, found text");
  for (const auto* bad : {"x", "1.0", "+1", "--1", "-", "1 2", "0x1", "1e3"})
    CHECK(
        refusal_of<perform_task>("<attempt>" + std::string(bad) + "</attempt>")
        == "line 1, /x/attempt: expected an integer, found a text");
  CHECK(refusal_of<perform_task>("<attempt> </attempt>")
        == "line 1, /x/attempt: expected an integer, found nothing");
  CHECK(refusal_of<model_reply>("<simulated>1</simulated>")
        == "line 1, /x/simulated: expected true or false, found a text");
}

TEST_CASE("an XML number out of range is refused with its place",
          "[xml_codec]") {
  for (const auto* bad : {"4294967296", "-1", "99999999999999999999999"})
    CHECK(
        refusal_of<perform_task>("<attempt>" + std::string(bad) + "</attempt>")
        == "line 1, /x/attempt: out of range, expected 0 to 4294967295");
  CHECK(refusal_of<std::int8_t>("-129").ends_with("expected -128 to 127"));
  CHECK(refusal_of<std::int64_t>("-9223372036854775809").find("out of range")
        != std::string::npos);
  CHECK(from_xml<perform_task>(x_of("<attempt>\n 7 </attempt>"), "x")->attempt
        == 7);
  for (const std::int64_t x : {INT64_MIN, INT64_MAX})
    CHECK(read_back(x).value() == x);
  CHECK(read_back(UINT64_MAX).value() == UINT64_MAX);
}

TEST_CASE("XML texts with a form of their own are checked", "[xml_codec]") {
  CHECK(refusal_of<perform_task>("<level>exprt</level>")
        == "line 1, /x/level: unknown name 'exprt' (did you mean 'expert'?), "
           "expected one of: basic, advanced, expert");
  CHECK(refusal_of<task_spec>("<budget>1e3</budget>")
            .starts_with("line 1, /x/budget: expected dollars"));
  CHECK(refusal_of<budget_reserved>("<reservation>y</reservation>")
            .starts_with("line 1, /x/reservation: expected an id"));
  CHECK(refusal_of<run_event>("<at>today</at>")
            .starts_with("line 1, /x/at: expected a time"));
  CHECK(refusal_of<task_spec>("<timeout>5</timeout>")
            .starts_with("line 1, /x/timeout: expected a duration"));
}

TEST_CASE("XML alternatives are told by their one element", "[xml_codec]") {
  CHECK(refusal_of<content_part>("<txt/>")
        == "line 1, /x/txt: unknown field (did you mean 'text'?)");
  CHECK(refusal_of<content_part>("") == "line 1, /x: expected one element");
  CHECK(refusal_of<content_part>("<text><text/></text><text><text/></text>")
        == "line 1, /x: expected one element");
  CHECK(refusal_of<content_part>("<tool_call><call_id/><name/></tool_call>")
        == "line 1, /x/tool_call/arguments: missing field");
}

TEST_CASE("the root must have its name and namespace", "[xml_codec]") {
  CHECK(from_xml<perform_task>("<x/>", "x").error().detail
        == "line 1, /x: not in the namespace urn:troupe:message:1");
  CHECK(from_xml<perform_task>(x_of(""), "y")
            .error()
            .detail.starts_with("line 1, /x: unknown name 'x'"));
}

} // namespace troupe::protocol
