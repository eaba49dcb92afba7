// JSON text -> message: refused with a reason, or read and written back.
#include "fuzz_target.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <string_view>

using namespace troupe::protocol;
using troupe::fuzz::expect;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = decode_message(text);
  if (!read) {
    expect(!read.error().detail.empty(), "a refusal says why");
    return 0;
  }
  const auto again = decode_message(encode_message(*read));
  expect(again.has_value() && *again == *read, "what is read can be written");
  return 0;
}
