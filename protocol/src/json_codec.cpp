#include "troupe/protocol/json_codec.hpp"

#include "shown_text.hpp"
#include "troupe/protocol/header.hpp"
#include "troupe/protocol/nearest.hpp"

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

namespace troupe::protocol {

namespace {

error malformed(const std::string& pointer, const std::string& why) {
  return fail(errc::malformed_message,
              (pointer.empty() ? "document" : pointer) + ": " + why);
}

std::string_view kind_of(const boost::json::value& json) {
  switch (json.kind()) {
  case boost::json::kind::null:
    return "null";
  case boost::json::kind::bool_:
    return "true or false";
  case boost::json::kind::int64:
  case boost::json::kind::uint64:
    return "an integer";
  case boost::json::kind::double_:
    return "a number with a fraction or exponent";
  case boost::json::kind::string:
    return "a string";
  case boost::json::kind::array:
    return "an array";
  case boost::json::kind::object:
    return "an object";
  }
  return "nothing";
}

std::string field_pointer(const json_place& at, std::string_view field) {
  return at.pointer() + '/' + shown(field, true);
}

template <class T>
json_problem read_text(const boost::json::value& json, const json_place& at,
                       T& x, result<T> (*parse)(std::string_view),
                       std::string_view expected) {
  if (!json.is_string())
    return json_error(at, expected, json);
  auto parsed = parse(json.get_string());
  if (!parsed)
    return malformed(at.pointer(), parsed.error().detail);
  x = *parsed;
  return {};
}

} // namespace

std::string json_place::pointer() const {
  if (above == nullptr)
    return {};
  const auto step =
      field.data() == nullptr ? std::to_string(index) : shown(field, true);
  return above->pointer() + '/' + step;
}

bool json_place::skips_unknown() const noexcept {
  return above == nullptr ? is_of_later_minor : above->skips_unknown();
}

error json_error(const json_place& at, std::string_view expected,
                 const boost::json::value& found) {
  return malformed(at.pointer(), "expected " + std::string(expected)
                                     + ", found "
                                     + std::string(kind_of(found)));
}

error unknown_field(const json_place& at, std::string_view field,
                    const std::vector<std::string>& known) {
  return malformed(field_pointer(at, field),
                   "unknown field" + did_you_mean(field, known));
}

error missing_field(const json_place& at, std::string_view field) {
  return malformed(field_pointer(at, field), "missing field");
}

error unknown_name(const json_place& at, std::string_view name,
                   const std::vector<std::string>& known) {
  return malformed(at.pointer(), "unknown name '" + shown(name, false) + "'"
                                     + did_you_mean(name, known)
                                     + expected_one_of(known));
}

json_problem json_codec<bool>::read(const boost::json::value& json,
                                    const json_place& at, bool& x) {
  if (!json.is_bool())
    return json_error(at, "true or false", json);
  x = json.get_bool();
  return {};
}

json_problem json_codec<std::string>::read(const boost::json::value& json,
                                           const json_place& at,
                                           std::string& x) {
  if (!json.is_string())
    return json_error(at, "a string", json);
  x.assign(json.get_string().data(), json.get_string().size());
  return {};
}

json_problem read_integer(const boost::json::value& json, const json_place& at,
                          std::int64_t min, std::uint64_t max,
                          std::uint64_t& bits) {
  const auto out_of_range = [&] {
    return malformed(at.pointer(), "out of range, expected "
                                       + std::to_string(min) + " to "
                                       + std::to_string(max));
  };
  if (json.is_uint64()) {
    bits = json.get_uint64();
    return bits > max ? json_problem{out_of_range()} : std::nullopt;
  }
  if (!json.is_int64())
    return json_error(at, "an integer", json);
  const auto value = json.get_int64();
  bits = static_cast<std::uint64_t>(value);
  if (value < min || (value > 0 && bits > max))
    return out_of_range();
  return {};
}

boost::json::value json_codec<id>::write(const id& x) {
  return boost::json::string(to_string(x));
}
json_problem json_codec<id>::read(const boost::json::value& json,
                                  const json_place& at, id& x) {
  return read_text(json, at, x, &parse_id, "an id");
}

boost::json::value json_codec<instant>::write(const instant& x) {
  return boost::json::string(to_text(x));
}
json_problem json_codec<instant>::read(const boost::json::value& json,
                                       const json_place& at, instant& x) {
  return read_text(json, at, x, &parse_instant, "a time as a string");
}

boost::json::value json_codec<duration>::write(const duration& x) {
  return boost::json::string(to_text(x));
}
json_problem json_codec<duration>::read(const boost::json::value& json,
                                        const json_place& at, duration& x) {
  return read_text(json, at, x, &parse_duration, "a duration as a string");
}

boost::json::value json_codec<money>::write(const money& x) {
  return boost::json::string(to_text(x));
}
json_problem json_codec<money>::read(const boost::json::value& json,
                                     const json_place& at, money& x) {
  return read_text(json, at, x, &parse_money, "dollars as a string");
}

} // namespace troupe::protocol
