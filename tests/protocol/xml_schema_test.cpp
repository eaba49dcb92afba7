#include "support/catch.hpp"
#include "support/message_samples.hpp"
#include "troupe/protocol/xml_schema.hpp"

#include <atomic>
#include <regex>
#include <thread>

namespace troupe::protocol {

namespace {

xml_validator validator_of(std::string_view type = {}) {
  auto made = xml_validator::create(message_xsd(type).value());
  INFO((made ? std::string{} : made.error().detail));
  REQUIRE(made.has_value());
  return std::move(*made);
}

std::string violation(xml_validator& validator, const std::string& text) {
  const auto problem = validator.check(text);
  return problem ? problem->detail : "";
}

/// Changes one element that holds a text: twice, gone, renamed, or `?` in it.
std::string mutated(const std::string& text, test::random_source& chance) {
  static const std::regex leaf{"<([a-z_]+)>([^<]*)</\\1>"};
  const std::sregex_iterator begin{text.begin(), text.end(), leaf};
  const auto count = std::distance(begin, {});
  if (count == 0)
    return text + text;
  const auto found = *std::next(
      begin, static_cast<long>(chance.below(static_cast<std::size_t>(count))));
  const auto name = found[1].str();
  const std::array<std::string, 4> others{found.str() + found.str(), "",
                                          "<zz>" + found[2].str() + "</zz>",
                                          '<' + name + ">?</" + name + '>'};
  return found.prefix().str() + others.at(chance.below(4))
         + found.suffix().str();
}

} // namespace

TEST_CASE("every message in XML is valid by the XSD", "[xml_schema]") {
  const std::uint64_t seed = 81;
  INFO("seed " << seed);
  test::random_source chance{seed};
  auto validator = validator_of();
  for (std::size_t type = 0; type < test::message_type_count(); ++type) {
    for (int i = 0; i < 30; ++i) {
      const auto text = message_to_xml(test::random_message(type, chance),
                                       i % 2 == 0 ? xml_layout::one_line
                                                  : xml_layout::indented);
      INFO(text);
      CHECK(violation(validator, text) == "");
    }
  }
}

TEST_CASE("the XSD refuses of changed messages what the reader refuses",
          "[xml_schema]") {
  const std::uint64_t seed = 82;
  INFO("seed " << seed);
  test::random_source chance{seed};
  auto validator = validator_of();
  std::size_t refused = 0;
  for (int i = 0; i < 3000; ++i) {
    auto message = test::random_message(chance);
    test::header_of(message).version = schema_version;
    const auto text = mutated(message_to_xml(message), chance);
    INFO(text);
    const auto read = message_from_xml(text);
    const auto problem = violation(validator, text);
    INFO(problem);
    CHECK(problem.empty() == read.has_value());
    CHECK((problem.empty() || problem.starts_with("line ")));
    refused += problem.empty() ? 0 : 1;
  }
  CHECK(refused > 1500);
}

TEST_CASE("a schema of one type takes no other", "[xml_schema]") {
  const auto types = message_types();
  CHECK(types.size() == test::message_type_count());
  for (const auto& type : types) {
    auto validator = validator_of(type);
    for (std::size_t i = 0; i < types.size(); ++i) {
      const auto text = message_to_xml(test::default_message(i));
      CHECK(violation(validator, text).empty() == (type == types[i]));
    }
  }
  const auto unknown = message_xsd("perform_tsk");
  REQUIRE(unknown.has_error());
  CHECK(unknown.error()
        == fail(errc::invalid_request,
                "unknown message 'perform_tsk' (did you mean "
                "'perform_task'?)"));
}

TEST_CASE("a contradiction to the XSD names its line", "[xml_schema]") {
  auto validator = validator_of();
  const auto request_of = [](const std::string& inner) {
    return "<request xmlns='urn:troupe:message:1'>\n<header/>\n" + inner
           + "</request>";
  };
  CHECK(violation(validator, request_of("<perform_task/>")) == "");
  CHECK(violation(validator, request_of("<cancel/>")).starts_with("line 3: "));
  for (const auto* inner :
       {"", "<perform_task><attempt>-1</attempt></perform_task>",
        "<perform_task><attempt>+1</attempt></perform_task>",
        "<perform_task><attempt>4294967296</attempt></perform_task>",
        "<perform_task><level>guru</level></perform_task>",
        "<perform_task><task a='1'/></perform_task>",
        "<perform_task><task encoding='hex'/></perform_task>",
        "<perform_task>x</perform_task>", "<describe_account/>",
        "<perform_task><task>a</task><task>b</task></perform_task>",
        "<perform_task xmlns=''/>"}) {
    INFO(inner);
    CHECK(violation(validator, request_of(inner)) != "");
    CHECK(message_from_xml(request_of(inner)).has_error());
  }
  CHECK(violation(validator, request_of("<perform_task><seed>1</seed>"
                                        "<attempt> 4294967295 </attempt>"
                                        "<task encoding='base64'>AQ==</task>"
                                        "</perform_task>"))
        == "");
}

TEST_CASE("several threads read and validate XML at once", "[xml_schema]") {
  std::atomic<std::size_t> good{0};
  std::vector<std::thread> threads;
  for (std::uint64_t seed = 1; seed <= 4; ++seed)
    threads.emplace_back([&good, seed] {
      test::random_source chance{seed};
      auto validator = xml_validator::create(message_xsd().value());
      for (int i = 0; validator && i < 100; ++i) {
        const auto message = test::random_message(chance);
        const auto text = message_to_xml(message);
        const auto read = message_from_xml(text);
        if (read && *read == message && !validator->check(text))
          ++good;
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(good == 400);
}

TEST_CASE("a validator survives what is not XML and goes on", "[xml_schema]") {
  auto validator = validator_of();
  for (const auto* text :
       {"", "x", "<a>", "<a></b>", "<!DOCTYPE a><a/>", "<a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "<a>\xFF</a>"})
    CHECK(violation(validator, text) != "");
  CHECK(violation(validator, message_to_xml(state_update{})) == "");
  CHECK(xml_validator::create("<a/>").has_error());
  CHECK(xml_validator::create("").has_error());
}

} // namespace troupe::protocol
