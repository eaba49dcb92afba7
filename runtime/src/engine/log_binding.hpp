#pragma once

#include "troupe/runtime/config.hpp"

#include <troupe/protocol/result.hpp>

namespace troupe {

/// Sends the log lines of the process to standard error or a file.
/// Errors: `file_unreadable` when the file cannot be opened.
protocol::result<void> bind_log(const log_config& config);

} // namespace troupe
