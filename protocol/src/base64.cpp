#include "base64.hpp"

#include <array>
#include <cstdint>

namespace troupe::protocol {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t no_digit = 0xFF;

constexpr std::array<std::uint8_t, 256> digit_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    values[static_cast<unsigned char>(alphabet[i])] =
        static_cast<std::uint8_t>(i);
  return values;
}

constexpr auto values = digit_values();

std::size_t padding_of(std::string_view text) {
  if (text.ends_with("=="))
    return 2;
  return text.ends_with('=') ? 1 : 0;
}

} // namespace

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = (group << 8U)
              | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k])
                                      : 0U);
    for (std::size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '='
                                  : alphabet[(group >> (18U - 6U * k)) & 63U];
  }
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.size() % 4 != 0)
    return {};
  const auto padding = padding_of(text);
  text.remove_suffix(padding);
  std::string out;
  out.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t group = 0;
  std::uint32_t bits = 0;
  for (const char c : text) {
    const auto digit = values[static_cast<unsigned char>(c)];
    if (digit == no_digit)
      return {};
    group = (group << 6U) | digit;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>((group >> bits) & 0xFFU);
    }
  }
  // The bits that are left over were zero when it was written.
  if ((group & ((1U << bits) - 1U)) != 0)
    return {};
  return out;
}

} // namespace troupe::protocol
