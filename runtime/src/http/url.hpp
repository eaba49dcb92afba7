#pragma once

#include <troupe/protocol/result.hpp>

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::http {

/// Where a connection goes; connections to one origin are interchangeable.
struct origin {
  bool tls = true;
  std::string host; ///< Name or address; IPv6 without brackets.
  std::uint16_t port = 443;

  auto operator<=>(const origin&) const = default;
};

/// The `Host` header's value: brackets for IPv6, no default port.
[[nodiscard]] std::string host_header(const origin& to);

/// True for the addresses and names of this machine.
[[nodiscard]] bool is_loopback(const origin& to);

/// An origin and a path without a final '/'; empty for the root.
struct base_url {
  origin at;
  std::string path;
};

/// Reads `https://host[:port][/path]` (or `http`). At most 2,048 characters;
/// no user, query, fragment, blanks or control characters.
/// Errors: `config_invalid`, without the text (it might hold a key).
[[nodiscard]] protocol::result<base_url> parse_base_url(std::string_view text);

} // namespace troupe::http
