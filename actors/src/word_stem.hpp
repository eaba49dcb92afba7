#pragma once

#include <string>

namespace troupe::actors {

/// Takes endings off an English word of small letters, so that "reviews",
/// "reviewed" and "reviewing" become one: M. F. Porter, "An algorithm for
/// suffix stripping", Program 14(3), 1980. Words of one or two letters, or with
/// anything but a to z, stay as they are. Pure.
[[nodiscard]] std::string stem(std::string word);

} // namespace troupe::actors
