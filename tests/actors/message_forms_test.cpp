#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/actors/caf_types.hpp"
#include "troupe/protocol/xml.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

using namespace troupe::protocol;

namespace {

template <class T>
T through_caf(T value) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  REQUIRE_FALSE(sink(value));
  T read;
  caf::binary_deserializer source{nullptr, bytes};
  REQUIRE_FALSE(source(read));
  return read;
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

TEST_CASE("every message is the same through CAF, JSON and XML",
          "[message_forms]") {
  const std::uint64_t seed = 75;
  INFO("seed " << seed);
  test::random_source chance{seed};
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    for (int i = 0; i < 60; ++i) {
      const auto sent = test::random<envelope>(chance);
      const auto read =
          std::get<envelope>(through_xml(through_json(through_caf(sent))));
      REQUIRE(read == sent);
      REQUIRE(message_to_xml(read) == message_to_xml(sent));
      REQUIRE(encode_message(read) == encode_message(sent));
    }
  });
}
