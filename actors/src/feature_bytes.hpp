#pragma once

#include "prompt_features.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::actors {

/// The features of a prompt to be kept: 16 bytes and three for each word. How
/// often a word stands there is kept up to 255; the type is not.
[[nodiscard]] std::string bytes_of(const prompt_features& prompt);

/// Reads them again; null for what `bytes_of` does not write.
[[nodiscard]] std::optional<prompt_features>
features_from(std::string_view bytes, std::size_t type);

} // namespace troupe::actors
