#pragma once

#include <string_view>

namespace troupe::certs {

/// True for an IPv4 or IPv6 address without a port, zone or brackets.
[[nodiscard]] bool is_ip_address(std::string_view text);

/// True for a host name of DNS: labels of letters, digits, '-' and '_', at most
/// 63 each and 253 together; no '*' and no dot at the end.
[[nodiscard]] bool is_host_name(std::string_view text) noexcept;

} // namespace troupe::certs
