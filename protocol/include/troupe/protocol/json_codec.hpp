#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"

#include <boost/json/value.hpp>

#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// How `to_json` and `from_json` treat each type; see json.hpp for their use.
namespace troupe::protocol {

/// A place in a JSON document: a chain on the stack, made text only on error.
struct json_place {
  const json_place* above = nullptr;
  std::string_view field = {};
  std::size_t index = 0;
  /// Of the outermost place: the document is of a later minor version, whose
  /// new fields are skipped.
  bool is_of_later_minor = false;

  /// RFC 6901: `/body/messages/3/role`; the whole document is "".
  [[nodiscard]] std::string pointer() const;
  [[nodiscard]] bool skips_unknown() const noexcept;
};

using json_problem = std::optional<error>;

[[nodiscard]] error json_error(const json_place& at, std::string_view expected,
                               const boost::json::value& found);
[[nodiscard]] error unknown_field(const json_place& at, std::string_view field,
                                  const std::vector<std::string>& known);
[[nodiscard]] error missing_field(const json_place& at, std::string_view field);
[[nodiscard]] error unknown_name(const json_place& at, std::string_view name,
                                 const std::vector<std::string>& known);

struct envelope_parts {
  const boost::json::value* header = nullptr;
  const boost::json::value* body = nullptr;
  bool is_of_later_minor = false;
};
[[nodiscard]] result<envelope_parts> open_envelope(const boost::json::value&,
                                                   std::string_view kind,
                                                   std::string_view type);

template <class T>
struct json_codec;

template <>
struct json_codec<bool> {
  static boost::json::value write(bool x) { return x; }
  static json_problem read(const boost::json::value&, const json_place&, bool&);
};

template <>
struct json_codec<std::string> {
  static boost::json::value write(const std::string& x) {
    return boost::json::string(x);
  }
  static json_problem read(const boost::json::value&, const json_place&,
                           std::string&);
};

json_problem read_integer(const boost::json::value&, const json_place&,
                          std::int64_t min, std::uint64_t max,
                          std::uint64_t& bits);

template <std::integral T>
requires(!std::same_as<T, bool>) struct json_codec<T> {
  static boost::json::value write(T x) { return x; }
  static json_problem read(const boost::json::value& json, const json_place& at,
                           T& x) {
    using limits = std::numeric_limits<T>;
    std::uint64_t bits = 0;
    auto problem =
        read_integer(json, at, static_cast<std::int64_t>(limits::min()),
                     static_cast<std::uint64_t>(limits::max()), bits);
    x = static_cast<T>(bits);
    return problem;
  }
};

/// Values whose JSON form is a string of their own.
#define TROUPE_JSON_TEXT_CODEC(Type)                                           \
  template <>                                                                  \
  struct json_codec<Type> {                                                    \
    static boost::json::value write(const Type& x);                            \
    static json_problem read(const boost::json::value&, const json_place&,     \
                             Type&);                                           \
  };
TROUPE_JSON_TEXT_CODEC(id)
TROUPE_JSON_TEXT_CODEC(instant)
TROUPE_JSON_TEXT_CODEC(duration)
TROUPE_JSON_TEXT_CODEC(money)
#undef TROUPE_JSON_TEXT_CODEC

} // namespace troupe::protocol

#include "troupe/protocol/json_codec_composite.hpp"
