#pragma once

#include <troupe/protocol/reference.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::mission_file {

/// What stands in place of a reference; null: it stays. `rest` is what follows
/// its name, with the brace: `.output.items[0]}`.
using replacement = std::function<std::optional<std::string>(
    const protocol::reference& it, std::string_view rest)>;

/// The text with its references replaced, each once. Text whose references
/// cannot be read stays as it is.
[[nodiscard]] std::string rewritten(std::string_view text,
                                    const replacement& instead);

/// The text with its references to the task `from` made to `to`.
[[nodiscard]] std::string
renamed(std::string_view text, const std::string& from, const std::string& to);

/// The text without its references to the task `to`.
[[nodiscard]] std::string without_references(std::string_view text,
                                             const std::string& to);

/// The text with `$${` for each `${`, so that it refers to nothing.
[[nodiscard]] std::string without_meaning(std::string_view text);

} // namespace troupe::mission_file
