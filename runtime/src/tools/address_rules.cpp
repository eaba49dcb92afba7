#include "tools/address_rules.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace troupe::tools {

namespace {

using bytes = std::span<const std::uint8_t>;

/// Addresses that begin with `bits` bits of `start`.
struct block {
  std::array<std::uint8_t, 16> start;
  unsigned bits;
  address_kind kind;
};

using enum address_kind;

// The first that fits counts.
constexpr block blocks_of_v4[] = {
    {{169, 254, 169, 254}, 32, metadata},
    {{100, 100, 100, 200}, 32, metadata},
    {{192, 0, 0, 192}, 32, metadata},
    {{169, 254}, 16, link_local},
    {{127}, 8, loopback},
    {{10}, 8, own},
    {{172, 16}, 12, own},
    {{192, 168}, 16, own},
    {{100, 64}, 10, own},
    {{0}, 8, other},
    {{192, 0, 0}, 24, other},
    {{192, 0, 2}, 24, other},
    {{192, 88, 99}, 24, other},
    {{198, 18}, 15, other},
    {{198, 51, 100}, 24, other},
    {{203, 0, 113}, 24, other},
    {{224}, 3, other},
};

constexpr block blocks_of_v6[] = {
    {{0xfd, 0x00, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54},
     128,
     metadata},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 128, loopback},
    {{0xfe, 0x80}, 10, link_local},
    {{0xfc}, 7, own},
    {{0x20, 0x01, 0x0d, 0xb8}, 32, other},
    {{0x20, 0x01, 0, 0}, 23, other},
    {{0x3f, 0xff}, 20, other},
    {{0x20}, 3, internet},
    {{0}, 0, other},
};

/// Addresses of IPv6 that hold one of IPv4, from `at` on.
struct embedding {
  std::array<std::uint8_t, 16> start;
  unsigned bits;
  unsigned at;
  std::uint8_t mask; ///< That its bytes are changed by.
};

constexpr embedding embeddings[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96, 12, 0},
    {{0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}, 96, 12, 0},
    {{0x20, 0x02}, 16, 2, 0},
    {{0x20, 0x01, 0, 0}, 32, 12, 0xff},
};

bool begins_with(bytes address, const std::array<std::uint8_t, 16>& start,
                 unsigned bits) {
  for (unsigned i = 0; i < bits; ++i) {
    const auto bit = 0x80U >> (i % 8);
    if (((address[i / 8] ^ start[i / 8]) & bit) != 0)
      return false;
  }
  return true;
}

address_kind kind_of_v4(bytes address) {
  for (const auto& it : blocks_of_v4)
    if (begins_with(address, it.start, it.bits))
      return it.kind;
  return internet;
}

address_kind kind_of_v6(bytes address) {
  for (const auto& it : embeddings) {
    if (!begins_with(address, it.start, it.bits))
      continue;
    std::array<std::uint8_t, 4> inner{};
    for (unsigned i = 0; i < 4; ++i)
      inner[i] = static_cast<std::uint8_t>(address[it.at + i] ^ it.mask);
    return kind_of_v4(inner);
  }
  for (const auto& it : blocks_of_v6)
    if (begins_with(address, it.start, it.bits))
      return it.kind;
  return other;
}

std::string lower(std::string_view text) {
  std::string copy{text};
  for (char& c : copy)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return copy;
}

} // namespace

address_kind kind_of(bytes address) {
  if (address.size() == 4)
    return kind_of_v4(address);
  return address.size() == 16 ? kind_of_v6(address) : other;
}

std::string_view name_of(address_kind kind) noexcept {
  switch (kind) {
  case internet:
    return "of the internet";
  case loopback:
    return "this machine";
  case own:
    return "private";
  case link_local:
    return "link-local";
  case metadata:
    return "for metadata";
  case other:
    break;
  }
  return "not for calls";
}

bool may_call(address_kind kind, bool allow_private) noexcept {
  return kind == internet
         || (allow_private && (kind == loopback || kind == own));
}

bool is_inside_name(std::string_view host) {
  auto name = lower(host);
  while (name.ends_with('.'))
    name.pop_back();
  constexpr std::array<std::string_view, 8> names{
      "localhost",     "localhost.localdomain",
      "ip6-localhost", "ip6-loopback",
      "metadata",      "instance-data",
      "metadata.goog", "kubernetes.default"};
  constexpr std::array<std::string_view, 7> ends{
      ".localhost", ".local",     ".internal", ".localdomain",
      ".lan",       ".home.arpa", ".svc"};
  return name.empty()
         || std::find(names.begin(), names.end(), name) != names.end()
         || std::any_of(ends.begin(), ends.end(),
                        [&](auto end) { return name.ends_with(end); });
}

} // namespace troupe::tools
