#pragma once

#include <string_view>

namespace troupe::actors {

enum class log_level { debug, info, warn, error };

/// Where log lines go. Must not block for long and must not throw.
using log_sink = void (*)(log_level, std::string_view component,
                          std::string_view key, std::string_view text);

/// Sets the sink of the process; null drops all lines, which is the default.
/// Thread safety: any thread.
void set_log_sink(log_sink sink) noexcept;

/// Writes a line: a component, a stable key, then `name=value` text. Prompts,
/// answers and secrets are never logged.
void log(log_level level, std::string_view component, std::string_view key,
         std::string_view text) noexcept;

} // namespace troupe::actors
