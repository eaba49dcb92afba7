#pragma once

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>

namespace troupe::protocol {

/// Of all comparisons of one check: `anyOf` in `anyOf` multiplies them.
inline constexpr std::size_t comparisons_max = 1'000'000;

inline std::size_t count_in(const boost::json::value& it) {
  return it.is_uint64() ? it.get_uint64()
                        : static_cast<std::size_t>(it.get_int64());
}

inline std::string_view view_of(const boost::json::string& text) {
  return {text.data(), text.size()};
}

inline std::string shown(const boost::json::value& it) {
  auto text = boost::json::serialize(it);
  if (text.size() > 100)
    text = text.substr(0, 100) + "...";
  return text;
}

} // namespace troupe::protocol
