#pragma once

#include "troupe/protocol/catalogue.hpp"
#include "yaml/document.hpp"

#include <string_view>
#include <vector>

namespace troupe::models {

/// The text of runtime/catalogue/models.yaml, put in when the library is built.
[[nodiscard]] std::string_view built_in_text() noexcept;

/// Reads `models:` of a document. Entries with problems are left out.
[[nodiscard]] std::vector<protocol::model_spec>
read_models(const yaml::node& root, yaml::problems& found);

} // namespace troupe::models
