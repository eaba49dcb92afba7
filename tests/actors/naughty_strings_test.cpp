#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "support/suite_counts.hpp"
#include "troupe/actors/binary_message.hpp"
#include "troupe/protocol/xml.hpp"

#include <boost/json/parse.hpp>

using namespace troupe::protocol;

namespace {

using message = request<perform_task>;

bool comes_through_all_forms(const any_message& sent) {
  const auto bytes = troupe::actors::write_binary(sent);
  if (!bytes)
    return false;
  const auto from_bytes = troupe::actors::read_binary(*bytes);
  const auto from_json_text = decode_message(encode_message(sent));
  const auto from_xml_text = message_from_xml(message_to_xml(sent));
  return from_bytes && *from_bytes == sent && from_json_text
         && *from_json_text == sent && from_xml_text && *from_xml_text == sent;
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

TEST_CASE("naughty strings come through binary form, JSON and XML unchanged",
          "[naughty_strings]") {
  const std::string path = TROUPE_SHARED_DATA_DIR "/blns/blns.json";
  troupe::test::suite_counts counts{"blns"};
  const auto file = troupe::test::file_text(path);
  if (file.empty()) {
    WARN(counts.line());
    WARN("skipped: no " << path);
    return;
  }
  const auto list = boost::json::parse(file);
  for (const auto& each : list.as_array()) {
    const std::string text{each.as_string().c_str(), each.as_string().size()};
    INFO(text);
    const bool is_unchanged = comes_through_all_forms(message_with(text));
    CHECK(is_unchanged);
    counts.count(is_unchanged);
  }
  CHECK(counts.cases > 400);
  WARN(counts.line());
}
