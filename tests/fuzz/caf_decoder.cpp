// CAF's bytes -> message: the first byte chooses the type of the message.
#include "fuzz_target.hpp"
#include "troupe/actors/caf_types.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>

#include <array>

using namespace troupe::protocol;
using troupe::fuzz::expect;

namespace {

using bytes = std::vector<char>;

template <class Envelope>
bool read(const char* data, std::size_t size, Envelope& message) {
  caf::binary_deserializer source{nullptr, data, size};
  return !source(message);
}

template <class Envelope>
void decode(const char* data, std::size_t size) {
  Envelope message;
  if (!read(data, size, message))
    return;
  bytes out;
  caf::binary_serializer sink{nullptr, out};
  expect(!sink(message), "what is read can be written");
  Envelope again;
  expect(read(out.data(), out.size(), again) && again == message,
         "what is written reads the same");
}

using decoder = void (*)(const char*, std::size_t);

template <class... Envelopes>
constexpr auto decoders_of(std::type_identity<std::variant<Envelopes...>>) {
  return std::array<decoder, sizeof...(Envelopes)>{&decode<Envelopes>...};
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr auto decoders =
      decoders_of(std::type_identity<any_message::variant>{});
  if (size > 0)
    decoders.at(data[0] % decoders.size())(
        reinterpret_cast<const char*>(data) + 1, size - 1);
  return 0;
}
