#pragma once

#include "troupe/protocol/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace troupe::yaml {

/// Reads a whole regular file. The size is checked before the first byte is
/// read, and again while reading. A byte order mark is dropped.
/// Errors: `file_unreadable` (missing, a folder, a pipe, too large, or not
/// permitted). Blocking: as long as the disk takes.
[[nodiscard]] protocol::result<std::string>
read_file(const std::filesystem::path& path, std::size_t bytes_max);

/// As `read_file`; the file must hold text: valid UTF-8 without control
/// characters other than tab, line feed, form feed and carriage return.
[[nodiscard]] protocol::result<std::string>
read_text_file(const std::filesystem::path& path, std::size_t bytes_max);

/// The offset of the first byte that is not text as above, or `npos`.
[[nodiscard]] std::size_t first_bad_byte(std::string_view text) noexcept;

/// `1.5 MiB`, `12 KiB`, `7 bytes`.
[[nodiscard]] std::string bytes_text(std::size_t bytes);

} // namespace troupe::yaml
