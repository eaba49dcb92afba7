#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace troupe::mission_file {

/// Copies `prompt` with each `{{ word }}` (lower-case letters and '_')
/// replaced by what `value_of(word)` gives. What is put in is not searched
/// again. Other text in double braces stays.
[[nodiscard]] std::string
fill_placeholders(std::string_view prompt,
                  const std::function<std::string(std::string_view)>& value_of);

} // namespace troupe::mission_file
