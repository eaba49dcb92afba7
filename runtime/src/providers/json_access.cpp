#include "providers/json_access.hpp"

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

namespace troupe::providers {

namespace json = boost::json;

const json::object* object_in(const json::object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  return found ? found->if_object() : nullptr;
}

const json::array* array_in(const json::object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  return found ? found->if_array() : nullptr;
}

std::string_view text_in(const json::object& from, std::string_view key) {
  const auto* found = from.if_contains(key);
  const auto* text = found ? found->if_string() : nullptr;
  return text ? std::string_view{text->data(), text->size()}
              : std::string_view{};
}

std::optional<std::uint64_t> count_in(const json::object& from,
                                      std::string_view key) {
  constexpr std::int64_t count_max = 1LL << 53;
  const auto* found = from.if_contains(key);
  if (!found)
    return {};
  if (const auto* whole = found->if_int64();
      whole && *whole >= 0 && *whole <= count_max)
    return static_cast<std::uint64_t>(*whole);
  // Some servers write counts as 12.0.
  if (const auto* real = found->if_double();
      real && *real >= 0 && *real <= static_cast<double>(count_max))
    return static_cast<std::uint64_t>(*real);
  return {};
}

} // namespace troupe::providers
