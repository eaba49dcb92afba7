#pragma once

#include "troupe/protocol/result.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::mission_file {

/// True when `text` matches: `*` is any run of characters, `?` any one byte.
/// Cost: at most the product of both lengths.
[[nodiscard]] bool glob_matches(std::string_view pattern,
                                std::string_view text) noexcept;

/// The regular files under `base` that match a path pattern, by rising path.
/// `**` as a whole step is any number of folders. Hidden files and folders
/// match only a step that starts with a dot; links to folders are not followed
/// by `**`.
/// Errors: `file_unreadable` (nothing matches), `limit_exceeded` (more than
/// `files_max` files, or more than 100,000 entries looked at).
[[nodiscard]] protocol::result<std::vector<std::filesystem::path>>
glob_files(const std::filesystem::path& base, std::string_view pattern,
           std::size_t files_max);

} // namespace troupe::mission_file
