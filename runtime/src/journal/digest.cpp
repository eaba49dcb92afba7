#include "journal/digest.hpp"

#include <openssl/evp.h>

#include <array>

namespace troupe {

std::string sha256(std::string_view bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  EVP_Digest(bytes.data(), bytes.size(), sum.data(), &size, EVP_sha256(),
             nullptr);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(std::size_t{size} * 2);
  for (unsigned i = 0; i < size; ++i) {
    text += digits[sum.at(i) >> 4U];
    text += digits[sum.at(i) & 15U];
  }
  return text;
}

} // namespace troupe
