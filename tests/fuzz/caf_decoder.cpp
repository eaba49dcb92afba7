// Binary form -> message: refused with its place, or read and written back, and
// then JSON can say the same.
#include "fuzz_target.hpp"
#include "troupe/actors/binary_message.hpp"

using namespace troupe::protocol;
using troupe::actors::read_binary;
using troupe::actors::write_binary;
using troupe::fuzz::expect;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = read_binary(std::as_bytes(std::span{data, size}));
  if (!read) {
    expect(read.error().detail.starts_with("byte "), "a refusal has a place");
    return 0;
  }
  const auto bytes = write_binary(*read);
  expect(bytes.has_value(), "what is read can be written");
  const auto again = read_binary(*bytes);
  expect(again.has_value() && *again == *read,
         "what is written reads the same");
  const auto as_json = decode_message(encode_message(*read));
  expect(as_json.has_value() && *as_json == *read, "JSON can say the same");
  return 0;
}
