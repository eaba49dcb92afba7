#include "support/catch.hpp"
#include "support/message_samples.hpp"
#include "troupe/protocol/xml.hpp"

namespace troupe::protocol {

namespace {

std::string in_namespace(std::string_view kind, std::string_view inner) {
  const std::string name(kind);
  return '<' + name + " xmlns='urn:troupe:message:1'>" + std::string(inner)
         + "</" + name + '>';
}

std::string request_of(std::string_view inner) {
  return in_namespace("request", inner);
}

std::string refusal_of(std::string_view text) {
  const auto read = message_from_xml(text);
  INFO(text);
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::malformed_message);
  return read.error().detail;
}

} // namespace

TEST_CASE("every message goes through XML and back", "[xml_message]") {
  const std::uint64_t seed = 71;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (std::size_t type = 0; type < test::message_type_count(); ++type) {
    for (int i = 0; i < 100; ++i) {
      const auto message = test::random_message(type, chance);
      const auto text = message_to_xml(
          message, i % 2 == 0 ? xml_layout::one_line : xml_layout::indented);
      INFO(text);
      const auto read = message_from_xml(text);
      INFO((read ? std::string{} : read.error().detail));
      REQUIRE(read.has_value());
      CHECK(*read == message);
    }
  }
}

TEST_CASE("a message in XML names its kind and its type", "[xml_message]") {
  request<perform_task> message;
  message.head.from = "editor";
  message.body.task = "summary";
  CHECK(message_to_xml(message)
        == "<request xmlns=\"urn:troupe:message:1\"><header><from>editor</from>"
           "</header><perform_task><task>summary</task></perform_task>"
           "</request>");
  CHECK(message_to_xml(coordination<cancel>{})
        == "<coordination xmlns=\"urn:troupe:message:1\"><header/><cancel>"
           "<scope>00000000-0000-0000-0000-000000000000</scope><reason/>"
           "</cancel></coordination>");
}

TEST_CASE("a message's two parts may come in any order", "[xml_message]") {
  CHECK(message_from_xml(request_of("<perform_task/><header/>")).has_value());
}

TEST_CASE("an XML message of the wrong shape names the place",
          "[xml_message]") {
  CHECK(refusal_of("<request/>")
        == "line 1, /request: not in the namespace urn:troupe:message:1");
  CHECK(refusal_of("<request xmlns='urn:troupe:message:2'/>")
        == "line 1, /request: not in the namespace urn:troupe:message:1");
  CHECK(refusal_of(in_namespace("requst", ""))
            .starts_with("line 1, /requst: unknown name 'requst' (did you mean "
                         "'request'?), expected one of: request, response"));
  CHECK(refusal_of(request_of("<perform_task/>"))
        == "line 1, /request/header: missing field");
  CHECK(refusal_of(request_of("<header/>"))
        == "line 1, /request: expected an element named by the message's type");
  CHECK(refusal_of(request_of("<header/><task_result/>"))
            .starts_with("line 1, /request/task_result: unknown name "
                         "'task_result'"));
  CHECK(refusal_of(request_of("<header/>\n<perform_tsk/>"))
            .starts_with("line 2, /request/perform_tsk: unknown name "
                         "'perform_tsk' (did you mean 'perform_task'?)"));
  CHECK(refusal_of(request_of("<header/><perform_task/><cancel/>"))
            .starts_with("line 1, /request/cancel: unknown name"));
  CHECK(refusal_of(request_of("<header/><header/><perform_task/>"))
        == "line 1, /request/header: field occurs twice");
  CHECK(refusal_of(request_of("<header/><perform_task/><perform_task/>"))
        == "line 1, /request/perform_task: field occurs twice");
  CHECK(refusal_of(request_of("<header><form/></header><perform_task/>"))
        == "line 1, /request/header/form: unknown field (did you mean "
           "'from'?)");
  CHECK(refusal_of(request_of("<header/><perform_task><attempt>-1</attempt>"
                              "</perform_task>"))
            .starts_with("line 1, /request/perform_task/attempt: out of "
                         "range"));
}

TEST_CASE("a truncated XML message is refused", "[xml_message]") {
  const std::uint64_t seed = 72;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (int i = 0; i < 200; ++i) {
    const auto text = message_to_xml(test::random_message(chance));
    const auto length = chance.below(text.size());
    CHECK(refusal_of(text.substr(0, length)).starts_with("line "));
  }
}

TEST_CASE("a damaged XML message is refused or read, never more",
          "[xml_message]") {
  const std::uint64_t seed = 73;
  INFO("seed " << seed);
  test::random_source chance{seed};
  constexpr std::string_view marks = "<>/&;'\"=#x -!?";
  for (int i = 0; i < 5000; ++i) {
    auto text = message_to_xml(test::random_message(chance));
    for (auto count = 1 + chance.below(3); count > 0 && !text.empty();
         --count) {
      const auto at = chance.below(text.size());
      switch (chance.below(4)) {
      case 0:
        text[at] = static_cast<char>(chance.next());
        break;
      case 1:
        text.erase(at, 1 + chance.below(5));
        break;
      case 2:
        text.insert(at, text.substr(chance.below(text.size()), 8));
        break;
      default:
        text[at] = marks[chance.below(marks.size())];
      }
    }
    if (const auto read = message_from_xml(text)) {
      CHECK(message_from_xml(message_to_xml(*read)).value() == *read);
    } else {
      INFO(text);
      CHECK(read.error().code == errc::malformed_message);
      CHECK(read.error().detail.starts_with("line "));
    }
  }
}

TEST_CASE("a later minor version in XML may have more fields, another major "
          "is refused",
          "[xml_message]") {
  const auto with_version = [](int version) {
    return request_of("<perform_task><task>a</task><tone at='1'><a>x</a></tone>"
                      "</perform_task><header><sender/><version>"
                      + std::to_string(version)
                      + "</version></header><signature>x</signature>");
  };
  const auto later = message_from_xml(with_version(schema_version + 1));
  INFO((later ? std::string{} : later.error().detail));
  REQUIRE(later.has_value());
  CHECK(std::get<request<perform_task>>(*later).body.task == "a");
  CHECK(header_of(*later).version == schema_version + 1);
  CHECK(refusal_of(with_version(schema_version)).starts_with("line 1, "));
  CHECK(refusal_of(with_version(schema_version + 256))
        == "line 1, /request/header/version: schema version 2.0, expected 1.x");
  CHECK(refusal_of(with_version(0)).find("0.0, expected 1.x")
        != std::string::npos);
  CHECK(refusal_of(with_version(-1)).find("out of range") != std::string::npos);
}

TEST_CASE("a later minor version in XML cannot have other values",
          "[xml_message]") {
  const auto head = "<header><version>" + std::to_string(schema_version + 1)
                    + "</version></header>";
  CHECK(refusal_of(request_of(head + "<perform_magic/>"))
        == "line 1, /request: expected an element named by the message's type");
  CHECK(refusal_of(request_of(head
                              + "<perform_task><level>guru</level>"
                                "</perform_task>"))
            .find("unknown name 'guru'")
        != std::string::npos);
  CHECK(refusal_of(request_of(head + "<describe_account/>"))
        == "line 1, /request/describe_account/path: missing field");
}

TEST_CASE("an XML message beyond its limits is refused", "[xml_message]") {
  xml_limits limits;
  limits.bytes_max = 20;
  const auto read = message_from_xml(request_of(""), limits);
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::limit_exceeded);
}

} // namespace troupe::protocol
