#pragma once

#include "troupe/runtime/config.hpp"
#include "yaml/document.hpp"

#include <filesystem>
#include <string_view>

namespace troupe::config {

/// Reads the fields of a configuration; paths become relative to `folder`.
[[nodiscard]] runtime_config read_config(const yaml::node& root,
                                         const std::filesystem::path& folder,
                                         yaml::problems& found);

/// Blanks out every text that looks like a key, with a problem that does not
/// show it, so that no later message can.
void hide_keys(yaml::node& at, yaml::problems& found);

/// True for the name of a header that carries a key.
[[nodiscard]] bool is_key_header(std::string_view name);

} // namespace troupe::config
