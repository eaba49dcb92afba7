#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/json_text.hpp"
#include "troupe/protocol/message_template.hpp"
#include "troupe/protocol/xml_schema.hpp"

#include <boost/json/parse.hpp>

#include <fstream>
#include <iterator>

namespace troupe::protocol {

namespace {

std::string read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace

TEST_CASE("the template of every message is a valid message",
          "[message_template]") {
  auto validator = xml_validator::create(message_xsd().value());
  REQUIRE(validator.has_value());
  for (const auto& type : message_types()) {
    const auto json = message_template(type, text_form::json).value();
    const auto xml = message_template(type, text_form::xml).value();
    INFO(json);
    INFO(xml);
    const auto from_json_text = decode_message(json);
    REQUIRE(from_json_text.has_value());
    const auto from_xml_text = message_from_xml(xml);
    REQUIRE(from_xml_text.has_value());
    CHECK(*from_json_text == *from_xml_text);
    CHECK_FALSE(validator->check(xml));
  }
  CHECK(message_template("perform_tsk", text_form::json).error().detail
        == "unknown message 'perform_tsk' (did you mean 'perform_task'?)");
}

TEST_CASE("examples/messages has a template of each kind",
          "[message_template]") {
  const std::vector<std::pair<message_kind, std::string>> examples{
      {message_kind::request, "perform_task"},
      {message_kind::response, "task_result"},
      {message_kind::notification, "run_event"},
      {message_kind::state_update, "state_commit"},
      {message_kind::coordination, "cancel"}};
  CHECK(examples.size() == enum_names<message_kind>().size());
  auto validator = xml_validator::create(message_xsd().value());
  REQUIRE(validator.has_value());
  for (const auto& [kind, type] : examples) {
    const auto path =
        TROUPE_SOURCE_DIR "/examples/messages/" + std::string(enum_name(kind));
    INFO(path << ": write it anew by 'troupe message template " << type << "'");
    const auto xml = read_file(path + ".xml");
    const auto read = decode_message(read_file(path + ".json"));
    const auto from_xml_text = message_from_xml(xml);
    REQUIRE(read.has_value());
    REQUIRE(from_xml_text.has_value());
    CHECK(*read == *from_xml_text);
    CHECK_FALSE(validator->check(xml));
    CHECK(std::visit([](const auto& m) { return m.kind; }, *read) == kind);
  }
}

TEST_CASE("indented JSON is the same JSON", "[message_template]") {
  for (const auto* text :
       {"1", "[]", "{}", R"({"a":[1,{"b\n":null},[]],"c":{},"d":"x"})"}) {
    const auto json = boost::json::parse(text);
    CHECK(boost::json::parse(indented_json(json)) == json);
  }
  CHECK(indented_json(boost::json::parse(R"({"a":[1,2],"b":{}})"))
        == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}\n");
}

} // namespace troupe::protocol
