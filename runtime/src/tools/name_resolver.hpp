#pragma once

#include "http/io_thread.hpp"

#include <troupe/protocol/result.hpp>

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace troupe::tools {

/// All addresses that a name leads to, at least one. Blocking: until the time
/// that is given, or the stop. Errors: `tool_failed`, `deadline_exceeded`,
/// `cancelled`.
using name_resolver =
    std::function<protocol::result<std::vector<boost::asio::ip::address>>(
        const std::string& host, std::chrono::steady_clock::time_point due,
        const std::stop_token& stop)>;

/// Asks the system, on a thread of `io`, which outlives it.
[[nodiscard]] name_resolver system_resolver(http::io_thread& io);

} // namespace troupe::tools
