#pragma once

#include <troupe/protocol/report.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <string>

namespace troupe::cli {

enum class report_format : std::uint8_t { text, json, markdown, html };

/// The format that was asked for by name; else, by the ending of the file,
/// that of `.json`, `.md`, `.html` and their like; else text. Errors:
/// `invalid_request` for a name that is none.
[[nodiscard]] protocol::result<report_format>
format_of(const std::string& name, const std::string& file);

/// A report in that format, ended by a newline. Text is as wide as it likes
/// and without colours.
[[nodiscard]] std::string report_in(report_format format,
                                    const protocol::run_report& report,
                                    const protocol::run_summary& summary);

/// Reads what `troupe run --json` or `troupe report --format json` has written:
/// the report in its last line. Errors: `file_unreadable`,
/// `malformed_message`, `limit_exceeded`.
[[nodiscard]] protocol::result<protocol::run_report>
read_report_file(const std::string& file);

} // namespace troupe::cli
