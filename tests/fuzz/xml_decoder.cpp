// XML text -> message: refused with its place, or read and written back; and
// the schema's validator on the same text.
#include "fuzz_target.hpp"
#include "troupe/protocol/xml_schema.hpp"

#include <string_view>

using namespace troupe::protocol;
using troupe::fuzz::expect;

namespace {

xml_validator& validator() {
  static auto made = xml_validator::create(message_xsd().value());
  expect(made.has_value(), "the XSD is a schema");
  return *made;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  (void)validator().check(text);
  const auto read = message_from_xml(text);
  if (!read) {
    expect(read.error().detail.starts_with("line "), "a refusal has a place");
    return 0;
  }
  const auto again = message_from_xml(message_to_xml(*read));
  expect(again.has_value() && *again == *read, "what is read can be written");
  const auto as_json = decode_message(encode_message(*read));
  expect(as_json.has_value() && *as_json == *read, "JSON can say the same");
  return 0;
}
