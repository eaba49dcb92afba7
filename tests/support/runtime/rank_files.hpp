#pragma once

#include <optional>
#include <string>

namespace troupe::test {

/// A file of the data that is not part of the project; nothing without it.
std::optional<std::string> data_text(const std::string& path);

/// The published rank file `o200k_base` or `cl100k_base`, uncompressed by the
/// `gzip` program; nothing without it.
std::optional<std::string> rank_file_text(const std::string& name);

} // namespace troupe::test
