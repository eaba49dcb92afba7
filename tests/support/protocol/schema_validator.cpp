#include "support/protocol/schema_validator.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <map>
#include <regex>
#include <string>
#include <string_view>

namespace troupe::protocol::test {

namespace {

namespace js = boost::json;

class validator {
public:
  explicit validator(const js::value& root) : root_(root) {}

  std::string check(const js::value& schema, const js::value& json) const {
    for (const auto& rule : schema.as_object())
      if (auto bad = check_rule(schema, rule.key(), rule.value(), json);
          !bad.empty())
        return std::string(rule.key()) + ": " + bad;
    return {};
  }

private:
  std::string check_rule(const js::value& schema, std::string_view name,
                         const js::value& rule, const js::value& json) const {
    if (name == "$schema" || name == "$defs" || name == "title"
        || name == "default")
      return {};
    if (name == "$ref")
      return check(resolved(rule.as_string()), json);
    if (name == "type")
      return has_type(rule.as_string(), json) ? "" : js::serialize(json);
    if (name == "const")
      return rule == json ? "" : js::serialize(json);
    if (name == "enum")
      return contains(rule.as_array(), json) ? "" : js::serialize(json);
    if (name == "pattern")
      return matches(rule.as_string(), json) ? "" : js::serialize(json);
    if (name == "minimum")
      return at_least(json, rule) ? "" : js::serialize(json);
    if (name == "maximum")
      return at_least(rule, json) ? "" : js::serialize(json);
    if (name == "anyOf" || name == "oneOf")
      return check_choice(name == "oneOf", rule.as_array(), json);
    return check_composite(schema, name, rule, json);
  }

  std::string check_composite(const js::value& schema, std::string_view name,
                              const js::value& rule,
                              const js::value& json) const {
    if (name == "items")
      return check_items(rule, json);
    if (name == "properties")
      return check_properties(rule.as_object(), json);
    if (name == "required") {
      for (const auto& field : rule.as_array())
        if (!json.as_object().contains(field.as_string()))
          return js::serialize(field);
      return {};
    }
    if (name == "additionalProperties") {
      for (const auto& field : json.as_object())
        if (!schema.at("properties").as_object().contains(field.key()))
          return std::string(field.key());
      return rule == js::value(false) ? "" : "only false is known";
    }
    return "an unknown keyword";
  }

  const js::value& resolved(std::string_view reference) const {
    constexpr std::string_view prefix = "#/$defs/";
    return root_.at("$defs").at(reference.substr(prefix.size()));
  }

  std::string check_items(const js::value& rule, const js::value& json) const {
    for (const auto& item : json.as_array())
      if (auto bad = check(rule, item); !bad.empty())
        return bad;
    return {};
  }

  std::string check_properties(const js::object& rules,
                               const js::value& json) const {
    for (const auto& rule : rules)
      if (const auto* field = json.as_object().if_contains(rule.key()))
        if (auto bad = check(rule.value(), *field); !bad.empty())
          return std::string(rule.key()) + ": " + bad;
    return {};
  }

  std::string check_choice(bool exactly_one, const js::array& choices,
                           const js::value& json) const {
    std::size_t matching = 0;
    for (const auto& choice : choices)
      matching += check(choice, json).empty() ? 1 : 0;
    const bool fits = exactly_one ? matching == 1 : matching >= 1;
    return fits ? "" : std::to_string(matching) + " match";
  }

  static bool has_type(std::string_view type, const js::value& json) {
    return (type == "object" && json.is_object())
           || (type == "array" && json.is_array())
           || (type == "string" && json.is_string())
           || (type == "boolean" && json.is_bool())
           || (type == "null" && json.is_null())
           || (type == "integer" && (json.is_int64() || json.is_uint64()));
  }

  static bool contains(const js::array& list, const js::value& json) {
    for (const auto& each : list)
      if (each == json)
        return true;
    return false;
  }

  static bool matches(std::string_view pattern, const js::value& json) {
    if (!json.is_string())
      return false;
    static std::map<std::string, std::regex> forms; // each takes long to make
    const std::string key{pattern};
    return std::regex_search(std::string(json.as_string()),
                             forms.try_emplace(key, key).first->second);
  }

  static bool at_least(const js::value& a, const js::value& b) {
    const bool a_below = a.is_int64() && a.as_int64() < 0;
    const bool b_below = b.is_int64() && b.as_int64() < 0;
    if (a_below || b_below)
      return b_below && (!a_below || a.as_int64() >= b.as_int64());
    return a.to_number<std::uint64_t>() >= b.to_number<std::uint64_t>();
  }

  const js::value& root_;
};

} // namespace

std::string schema_violation(const js::value& schema, const js::value& json) {
  return validator{schema}.check(schema, json);
}

} // namespace troupe::protocol::test
