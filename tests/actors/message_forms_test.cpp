#include "support/catch.hpp"
#include "support/message_samples.hpp"
#include "troupe/actors/binary_message.hpp"
#include "troupe/protocol/xml.hpp"

using namespace troupe::protocol;

namespace {

any_message through_binary(const any_message& message) {
  const auto bytes = troupe::actors::write_binary(message);
  REQUIRE(bytes.has_value());
  auto read = troupe::actors::read_binary(*bytes);
  REQUIRE(read.has_value());
  return std::move(*read);
}

any_message through_json(const any_message& message) {
  auto read = decode_message(encode_message(message));
  REQUIRE(read.has_value());
  return std::move(*read);
}

any_message through_xml(const any_message& message) {
  auto read = message_from_xml(message_to_xml(message));
  REQUIRE(read.has_value());
  return std::move(*read);
}

} // namespace

TEST_CASE("every message is the same through its binary form, JSON and XML",
          "[message_forms]") {
  const std::uint64_t seed = 75;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for (std::size_t type = 0; type < test::message_type_count(); ++type)
    for (int i = 0; i < 60; ++i) {
      const auto sent = test::random_message(type, chance);
      const auto read = through_xml(through_json(through_binary(sent)));
      REQUIRE(read == sent);
      REQUIRE(message_to_xml(read) == message_to_xml(sent));
      REQUIRE(encode_message(read) == encode_message(sent));
    }
}
