#include "addresses.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <string>

namespace troupe::certs {

namespace {

bool is_label(std::string_view label) noexcept {
  const auto fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
           || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
  };
  return !label.empty() && label.size() <= 63 && label.front() != '-'
         && label.back() != '-' && std::ranges::all_of(label, fits);
}

} // namespace

bool is_ip_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    return false;
  const std::string copy{text};
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return ::inet_pton(AF_INET, copy.c_str(), bytes.data()) == 1
         || ::inet_pton(AF_INET6, copy.c_str(), bytes.data()) == 1;
}

bool is_host_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > 253)
    return false;
  while (true) {
    const auto dot = text.find('.');
    if (!is_label(text.substr(0, dot)))
      return false;
    if (dot == std::string_view::npos)
      break;
    text.remove_prefix(dot + 1);
  }
  // What looks like an address that went wrong, as 10.0.0.256, is no name.
  return std::ranges::any_of(text, [](char c) { return c < '0' || c > '9'; });
}

} // namespace troupe::certs
