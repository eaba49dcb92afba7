// Writes the corpus: for each type of message a random one in each form.
#include "support/protocol/random_message.hpp"
#include "troupe/actors/caf_types.hpp"
#include "troupe/protocol/xml.hpp"

#include <caf/binary_serializer.hpp>

#include <cstdio>
#include <filesystem>
#include <fstream>

using namespace troupe::protocol;

namespace {

void write(const std::filesystem::path& folder, std::string_view type,
           std::string_view text) {
  std::filesystem::create_directories(folder);
  std::ofstream{folder / type, std::ios::binary} << text;
}

template <class T>
std::string caf_bytes(std::size_t index, T message) {
  std::vector<char> bytes;
  caf::binary_serializer sink{nullptr, bytes};
  if (sink(message))
    return {};
  return static_cast<char>(index) + std::string(bytes.begin(), bytes.end());
}

/// Of many random messages the one of middling size: neither empty nor long.
template <class T>
T middling(test::random_source& chance) {
  std::vector<T> all(15);
  for (auto& each : all)
    each = test::random<T>(chance);
  std::sort(all.begin(), all.end(), [](const T& a, const T& b) {
    return encode_message(a).size() < encode_message(b).size();
  });
  return all[7];
}

} // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: troupe_fuzz_seeds FOLDER\n", stderr);
    return 2;
  }
  const std::filesystem::path folder{arguments[1]};
  test::random_source chance{20'261'121};
  std::size_t index = 0;
  for_each_message_type([&](auto which) {
    using envelope = typename decltype(which)::type;
    const auto type = body_name<decltype(envelope::body)>;
    const auto message = middling<envelope>(chance);
    write(folder / "json", type, encode_message(message));
    write(folder / "xml", type, message_to_xml(message));
    write(folder / "caf", type, caf_bytes(index++, message));
  });
  return 0;
}
