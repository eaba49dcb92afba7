#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::actors {

/// In what two JSON values differ: one line a place, each with its JSON pointer
/// and at most `excerpt_bytes` of either side, and no control characters. Of
/// two texts the first byte that differs is told, and what stands around it.
/// At most `lines_max` lines; a last one then says that there is more.
[[nodiscard]] std::vector<std::string>
differences(const boost::json::value& recorded, const boost::json::value& now,
            std::size_t lines_max);

inline constexpr std::size_t excerpt_bytes = 60;

} // namespace troupe::actors
