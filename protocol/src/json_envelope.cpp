#include "troupe/protocol/json_codec.hpp"
#include "troupe/protocol/schema_version.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <array>

namespace troupe::protocol {

namespace {

constexpr std::array<std::string_view, 4> envelope_fields{"kind", "type",
                                                          "header", "body"};

json_problem first_missing(const boost::json::object& object,
                           const json_place& top) {
  for (const auto name : envelope_fields)
    if (!object.contains(name))
      return missing_field(top, name);
  return {};
}

json_problem first_unknown(const boost::json::object& object,
                           const json_place& top) {
  const std::vector<std::string> known(envelope_fields.begin(),
                                       envelope_fields.end());
  for (const auto& field : object) {
    const std::string_view key = field.key();
    if (std::find(known.begin(), known.end(), key) == known.end())
      return unknown_field(top, key, known);
  }
  return {};
}

json_problem check_name(const boost::json::value& json, const json_place& at,
                        std::string_view expected) {
  if (!json.is_string())
    return json_error(at, "a name", json);
  const std::string_view name = json.get_string();
  if (name != expected)
    return unknown_name(at, name, {std::string(expected)});
  return {};
}

json_problem read_version(const boost::json::value& head, const json_place& at,
                          std::uint16_t& version) {
  if (!head.is_object())
    return json_error(at, "an object", head);
  const auto* field = head.get_object().if_contains("version");
  if (field == nullptr)
    return {};
  const json_place place{&at, "version"};
  if (auto bad = json_codec<std::uint16_t>::read(*field, place, version))
    return bad;
  if (is_readable_version(version))
    return {};
  return fail(errc::malformed_message,
              place.pointer() + ": " + refusal_of_version(version));
}

} // namespace

result<envelope_parts> open_envelope(const boost::json::value& json,
                                     std::string_view kind,
                                     std::string_view type) {
  const json_place top;
  if (!json.is_object())
    return json_error(top, "an object", json);
  const auto& object = json.get_object();
  if (auto bad = first_missing(object, top))
    return std::move(*bad);
  if (auto bad = check_name(object.at("kind"), {&top, "kind"}, kind))
    return std::move(*bad);
  if (auto bad = check_name(object.at("type"), {&top, "type"}, type))
    return std::move(*bad);
  auto version = schema_version;
  if (auto bad = read_version(object.at("header"), {&top, "header"}, version))
    return std::move(*bad);
  const bool is_later = version > schema_version;
  if (object.size() != envelope_fields.size() && !is_later)
    return std::move(*first_unknown(object, top));
  return envelope_parts{&object.at("header"), &object.at("body"), is_later};
}

} // namespace troupe::protocol
