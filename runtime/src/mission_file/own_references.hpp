#pragma once

#include <string>
#include <string_view>

namespace troupe::mission_file {

/// The text with its references to the task `from` made to `to`.
[[nodiscard]] std::string
renamed(std::string_view text, const std::string& from, const std::string& to);

/// The text with its references to the input `from` made to the input `to`, or
/// to the result of a task of that name.
[[nodiscard]] std::string renamed_input(std::string_view text,
                                        const std::string& from,
                                        const std::string& to, bool is_task);

/// The text without its references to the task `to`.
[[nodiscard]] std::string without_references(std::string_view text,
                                             const std::string& to);

} // namespace troupe::mission_file
