#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "troupe/actors/caf_types.hpp"
#include "troupe/protocol/xml.hpp"

#include <boost/json/parse.hpp>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace troupe::protocol;

namespace {

using message = request<perform_task>;

message through_caf(message value) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  REQUIRE_FALSE(sink(value));
  message read;
  caf::binary_deserializer source{nullptr, bytes};
  REQUIRE_FALSE(source(read));
  return read;
}

/// `text` in every place where a user's or a peer's text may come.
message message_with(const std::string& text) {
  message made;
  made.head.from = made.head.to = made.head.idempotency_key = text;
  made.body.task = made.body.prompt = made.body.account = text;
  made.body.inputs = {{text, text}, {text + text, "a" + text + "b"}};
  return made;
}

} // namespace

TEST_CASE("naughty strings come through CAF, JSON and XML unchanged",
          "[naughty_strings]") {
  const std::string path = TROUPE_SHARED_DATA_DIR "/blns/blns.json";
  const auto file = troupe::test::file_text(path);
  if (file.empty()) {
    WARN("skipped: no " << path);
    return;
  }
  std::size_t count = 0;
  const auto list = boost::json::parse(file);
  for (const auto& each : list.as_array()) {
    const std::string text{each.as_string().c_str(), each.as_string().size()};
    INFO(text);
    const auto sent = message_with(text);
    CHECK(through_caf(sent) == sent);
    const auto from_json_text = decode_message(encode_message(sent));
    REQUIRE(from_json_text.has_value());
    CHECK(*from_json_text == any_message{sent});
    const auto from_xml_text = message_from_xml(message_to_xml(sent));
    REQUIRE(from_xml_text.has_value());
    CHECK(*from_xml_text == any_message{sent});
    ++count;
  }
  CHECK(count > 400);
  WARN("naughty strings: " << count
                           << " came through CAF, JSON and XML unchanged");
}
