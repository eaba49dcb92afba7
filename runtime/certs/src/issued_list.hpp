#pragma once

#include "troupe/certs/cert_folder.hpp"

#include <string_view>

namespace troupe::certs {

/// Of a folder.
inline constexpr std::size_t issued_max = 100'000;

/// The text of `issued.txt`: a head, then a line for each certificate,
/// `SERIAL ROLE NAME FROM UNTIL REVOKED`, the last `-` when it is not.
[[nodiscard]] std::string
write_issued(const std::vector<issued_certificate>& all);

/// Errors: `config_invalid`, with the line; `limit_exceeded`.
[[nodiscard]] protocol::result<std::vector<issued_certificate>>
read_issued(std::string_view text);

} // namespace troupe::certs
