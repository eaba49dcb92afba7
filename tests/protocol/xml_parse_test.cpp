#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/protocol/xml.hpp"

namespace troupe::protocol {

namespace {

error refusal_of(std::string_view text, xml_limits limits = {}) {
  const auto parsed = parse_xml(text, limits);
  INFO(text.substr(0, 100));
  REQUIRE(parsed.has_error());
  const auto detail = parsed.error().detail;
  CHECK((detail.starts_with("line ") || detail.starts_with("document: ")));
  return parsed.error();
}

std::string malformed(std::string_view text) {
  const auto failure = refusal_of(text);
  CHECK(failure.code == errc::malformed_message);
  return failure.detail;
}

std::string text_of_root(std::string_view text) {
  const auto parsed = parse_xml(text);
  INFO(text);
  INFO((parsed ? std::string{} : parsed.error().detail));
  REQUIRE(parsed.has_value());
  return std::string(parsed->root().text());
}

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i)
    text += "<a>";
  for (std::size_t i = 0; i < depth; ++i)
    text += "</a>";
  return text;
}

} // namespace

TEST_CASE("elements come with their names, texts and lines", "[xml_parse]") {
  const auto parsed =
      parse_xml("<?xml version='1.0' encoding='utf-8'?>\n"
                "<t:a xmlns:t='urn:troupe:message:1'>\n"
                "  <t:b> x </t:b>\n"
                "  <!-- nothing --><c/>\n"
                "  <t:d encoding='base64' x='1' y='2'>eA==</t:d>"
                "</t:a>\n");
  REQUIRE(parsed.has_value());
  const auto root = parsed->root();
  CHECK(root.is("a"));
  CHECK(root.text().empty());
  CHECK(root.line() == 2);
  const auto b = root.first_child();
  CHECK(b.is("b"));
  CHECK(b.text() == " x ");
  CHECK(b.line() == 3);
  CHECK_FALSE(b.first_child());
  const auto c = b.next_sibling();
  CHECK(c.name() == "c");
  CHECK_FALSE(c.is("c")); // in no namespace
  const auto d = c.next_sibling();
  CHECK(d.is_base64());
  CHECK(d.unknown_attribute() == "x");
  CHECK(b.unknown_attribute().empty());
  CHECK_FALSE(d.next_sibling());
}

TEST_CASE("a text comes as it was written", "[xml_parse]") {
  CHECK(text_of_root("<a/>").empty());
  CHECK(text_of_root("<a> \n\t </a>") == " \n\t ");
  CHECK(text_of_root("<a>&lt;&gt;&amp;&quot;&apos;&#13;&#x1F3AD;</a>")
        == "<>&\"'\r\xF0\x9F\x8E\xAD");
  CHECK(text_of_root("<a>x<!-- c -->y<![CDATA[<z>&amp;]]></a>")
        == "xy<z>&amp;");
  CHECK(text_of_root("<a>1\r\n2\r3</a>") == "1\n2\n3"); // as XML 1.0 asks
  const std::string long_text(300'000, 'x');
  CHECK(text_of_root("<a>" + long_text + "&amp;</a>") == long_text + '&');
  CHECK(text_of_root("\xEF\xBB\xBF<a>1</a>") == "1");
}

TEST_CASE("what is not well-formed is refused with its line", "[xml_parse]") {
  CHECK(malformed("") == "line 1: nothing is there");
  CHECK(malformed("<a>\n<b>\n</a>").starts_with("line 3: "));
  for (const auto* text : {"x",
                           " ",
                           "<",
                           "<a",
                           "<a>",
                           "<a></b>",
                           "<a/><b/>",
                           "<a/>x",
                           "<a b=1/>",
                           "<a b='1' b='2'/>",
                           "<a b='<'/>",
                           "<a>&</a>",
                           "<a>&x;</a>",
                           "<a>]]></a>",
                           "<a>&#0;</a>",
                           "<a>&#1;</a>",
                           "<a>\x01</a>",
                           "<a>&#xFFFE;</a>",
                           "<a>&#xD800;</a>",
                           "<a>\xEF\xBF\xBF</a>",
                           "<a><!-- -- --></a>",
                           "<p:a/>",
                           "<a xmlns:p=''/>",
                           "<1/>",
                           " <?xml version='1.0'?><a/>",
                           "<a>x<b/></a>",
                           "<a><b/>x</a>"})
    malformed(text);
}

TEST_CASE("text that is not UTF-8 is refused", "[xml_parse]") {
  CHECK(malformed("<a>\n\xFF</a>") == "line 2: text that is not UTF-8");
  for (const auto& text :
       {std::string("<a>\xC3</a>"), std::string("<a>\xED\xA0\x80</a>"),
        std::string("<a>\xC0\xAF</a>"), std::string("<a>\0</a>", 8),
        std::string("\xFF\xFE<\0a\0/\0>\0", 10),
        std::string("<\0a\0/\0>\0", 8)})
    malformed(text);
  CHECK(malformed("<?xml version='1.0' encoding='UTF-7'?><a/>")
        == "line 1: encoding 'UTF-7', expected UTF-8");
  CHECK(malformed("<?xml version='1.0' encoding=\"iso-8859-1\"?><a/>")
        == "line 1: encoding 'iso-8859-1', expected UTF-8");
  CHECK(malformed("<?xml version='1.1'?><a/>")
        == "line 1: XML version '1.1', expected 1.0");
}

TEST_CASE("declarations and processing instructions are refused",
          "[xml_parse]") {
  for (const auto* text :
       {"<!DOCTYPE a><a/>", "\n<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>",
        "<!DOCTYPE a PUBLIC '-//x' 'http://127.0.0.1:1/x'><a/>",
        "<a><!DOCTYPE a></a>", "<!ENTITY x 'y'><a/>", "<a><!x></a>"})
    CHECK(malformed(text).find("a declaration such as DOCTYPE")
          != std::string::npos);
  CHECK(malformed("<a/>\n<?x?>")
        == "line 2: a processing instruction is not allowed");
  malformed("<?xml-stylesheet href='x'?><a/>");
  // Neither is markup, so neither is refused.
  CHECK(text_of_root("<a><!-- <!DOCTYPE x> --><![CDATA[<?x?>]]></a>")
        == "<?x?>");
}

TEST_CASE("an XML text beyond its limits is refused", "[xml_parse]") {
  xml_limits limits;
  limits.bytes_max = 10;
  CHECK(parse_xml("<a>123</a>", limits).has_value());
  CHECK(refusal_of("<a>1234</a>", limits)
        == fail(errc::limit_exceeded, "document: 11 bytes, allowed are 10"));
  limits = {};
  CHECK(parse_xml(nested(limits.depth_max), limits).has_value());
  CHECK(refusal_of(nested(limits.depth_max + 1), limits)
        == fail(errc::limit_exceeded, "line 1: elements deeper than 32"));
  CHECK(refusal_of("<a>\n" + nested(10'000)).code == errc::limit_exceeded);
  limits.elements_max = 3;
  CHECK(parse_xml("<a><b/><b/></a>", limits).has_value());
  CHECK(refusal_of("<a><b/><b/>\n<b/></a>", limits)
        == fail(errc::limit_exceeded, "line 2: too many elements"));
}

TEST_CASE("a tag with many attributes is refused before it costs time",
          "[xml_parse]") {
  std::string text = "<a";
  for (int i = 0; i < 1'000'000; ++i)
    text += " a" + std::to_string(i) + "=''";
  CHECK(refusal_of(text + "/>")
        == fail(errc::limit_exceeded, "line 1: a tag of more than 1024 bytes"));
  xml_limits limits;
  limits.tag_bytes_max = 11;
  CHECK(parse_xml("<a b='>x'/>", limits).has_value());
  CHECK(refusal_of("<a b='>xx'/>", limits).code == errc::limit_exceeded);
}

TEST_CASE("random bytes never crash the XML parser", "[xml_parse]") {
  const std::uint64_t seed = 91;
  INFO("seed " << seed);
  test::random_source chance{seed};
  constexpr std::string_view alphabet = "<<<>>>//a b='\"&;#x!-[]?\n\xC3\xA4:";
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = chance.coin() ? "<a>" : "";
    for (auto size = chance.below(30); size > 0; --size)
      text += alphabet[chance.below(alphabet.size())];
    if (text.starts_with("<a>") && chance.coin())
      text += "</a>";
    read += parse_xml(text).has_value() ? 1 : 0;
  }
  CHECK(read > 10);
}

} // namespace troupe::protocol
