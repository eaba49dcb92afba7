// JSON text -> message: refused with its place, or read and written back.
#include "fuzz_target.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <string_view>

using namespace troupe::protocol;
using troupe::fuzz::expect;

namespace {

bool has_place(std::string_view detail) {
  return detail.starts_with("byte ") || detail.starts_with('/')
         || detail.starts_with("document: ");
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto read = decode_message(text);
  if (!read) {
    expect(has_place(read.error().detail), "a refusal has a place");
    return 0;
  }
  const auto again = decode_message(encode_message(*read));
  expect(again.has_value() && *again == *read, "what is read can be written");
  return 0;
}
