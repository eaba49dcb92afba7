#pragma once

#include "yaml/mapping.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// Fields of whatever is a program: a tool, an agent.
namespace troupe::config {

/// A path of a file in `folder`; empty stays empty.
[[nodiscard]] std::string whole_path(const std::filesystem::path& folder,
                                     const std::string& path);

/// Reads `run`. A name alone is looked for; a path is one of the file's.
void read_command(yaml::mapping& fields, const std::filesystem::path& folder,
                  std::vector<std::string>& out);

/// Reads `folder`, in which it works.
void read_folder(yaml::mapping& fields, const std::filesystem::path& folder,
                 std::string& out);

} // namespace troupe::config
