#pragma once

#include <string_view>

namespace troupe::report {

/// The style of a report's page, light and dark. It names no other file and
/// holds nothing that XML would read as markup.
[[nodiscard]] std::string_view html_style() noexcept;

} // namespace troupe::report
