#include "schema_words.hpp"

#include "troupe/protocol/schema_check.hpp"

#include <algorithm>
#include <array>

namespace troupe::protocol {

namespace {

namespace json = boost::json;

constexpr std::size_t pattern_bytes_max = 4'096;

enum class shape {
  anything,
  schema,
  schemas,
  named_schemas,
  count,
  number,
  text,
  flag,
  names,
  named_names,
  types,
  pattern,
  named_patterns,
  reference,
  list
};

struct word {
  std::string_view name;
  shape value;
};

constexpr std::array<word, 53> words{{
    {"$schema", shape::text},
    {"$id", shape::text},
    {"$comment", shape::text},
    {"$ref", shape::reference},
    {"$defs", shape::named_schemas},
    {"definitions", shape::named_schemas},
    {"title", shape::text},
    {"description", shape::text},
    {"default", shape::anything},
    {"examples", shape::list},
    {"deprecated", shape::flag},
    {"readOnly", shape::flag},
    {"writeOnly", shape::flag},
    {"format", shape::text},
    {"contentEncoding", shape::text},
    {"contentMediaType", shape::text},
    {"contentSchema", shape::schema},
    {"type", shape::types},
    {"enum", shape::list},
    {"const", shape::anything},
    {"multipleOf", shape::number},
    {"maximum", shape::number},
    {"exclusiveMaximum", shape::number},
    {"minimum", shape::number},
    {"exclusiveMinimum", shape::number},
    {"maxLength", shape::count},
    {"minLength", shape::count},
    {"pattern", shape::pattern},
    {"items", shape::schema},
    {"prefixItems", shape::schemas},
    {"contains", shape::schema},
    {"minContains", shape::count},
    {"maxContains", shape::count},
    {"maxItems", shape::count},
    {"minItems", shape::count},
    {"uniqueItems", shape::flag},
    {"properties", shape::named_schemas},
    {"patternProperties", shape::named_patterns},
    {"additionalProperties", shape::schema},
    {"propertyNames", shape::schema},
    {"required", shape::names},
    {"maxProperties", shape::count},
    {"minProperties", shape::count},
    {"dependentRequired", shape::named_names},
    {"dependentSchemas", shape::named_schemas},
    {"allOf", shape::schemas},
    {"anyOf", shape::schemas},
    {"oneOf", shape::schemas},
    {"not", shape::schema},
    {"if", shape::schema},
    {"then", shape::schema},
    {"else", shape::schema},
    {"$vocabulary", shape::anything},
}};

constexpr std::array<std::string_view, 7> types{
    "null", "boolean", "object", "array", "number", "integer", "string"};

std::string_view text_of(const json::value& it) {
  const auto* text = it.if_string();
  return text == nullptr ? std::string_view{}
                         : std::string_view{text->data(), text->size()};
}

bool is_type(const json::value& it) {
  return std::find(types.begin(), types.end(), text_of(it)) != types.end();
}

bool are_names(const json::value& it) {
  const auto* all = it.if_array();
  return all != nullptr
         && std::all_of(all->begin(), all->end(),
                        [](const json::value& one) { return one.is_string(); });
}

bool are_types(const json::value& it) {
  const auto* all = it.if_array();
  return all == nullptr
             ? is_type(it)
             : !all->empty() && std::all_of(all->begin(), all->end(), is_type);
}

bool is_count(const json::value& it) {
  return it.is_uint64() || (it.is_int64() && it.get_int64() >= 0);
}

class verifier {
public:
  verifier(const json::value& root, patterns& all) : root_(root), all_(all) {}

  result<void> run() {
    schema(root_, "", 0);
    if (wrong_.empty())
      return {};
    return fail(errc::mission_invalid, "the JSON Schema: " + wrong_);
  }

private:
  void refuse(const std::string& at, const std::string& what) {
    if (wrong_.empty())
      wrong_ = (at.empty() ? "" : at + ": ") + what;
  }

  void schema(const json::value& it, const std::string& at, int level) {
    if (level > schema_levels_max)
      return refuse(at, "more than 64 levels");
    if (it.is_bool())
      return;
    const auto* members = it.if_object();
    if (members == nullptr)
      return refuse(at, "a schema is an object, true or false");
    for (const auto& member : *members) {
      const auto known =
          std::find_if(words.begin(), words.end(), [&](const word& one) {
            return one.name == std::string_view{member.key()};
          });
      const auto place = at + '/' + std::string{member.key()};
      if (known == words.end())
        refuse(place, "this word of JSON Schema is not known");
      else
        value_of(known->value, member.value(), place, level + 1);
    }
  }

  void value_of(shape which, const json::value& it, const std::string& at,
                int level) {
    const auto need = [&](bool is_so, const char* what) {
      if (!is_so)
        refuse(at, std::string{"must be "} + what);
    };
    switch (which) {
    case shape::anything:
      return;
    case shape::schema:
      return schema(it, at, level);
    case shape::schemas:
      return schemas(it, at, level);
    case shape::named_schemas:
    case shape::named_patterns:
      return named(it, which == shape::named_patterns, at, level);
    case shape::count:
      return need(is_count(it), "a whole number from 0");
    case shape::number:
      return need(it.is_number(), "a number");
    case shape::text:
      return need(it.is_string(), "a text");
    case shape::flag:
      return need(it.is_bool(), "true or false");
    case shape::names:
      return need(are_names(it), "a list of names");
    case shape::named_names:
      return lists_of_names(it, at);
    case shape::types:
      return need(are_types(it), "a type, as in \"string\", or a list of them");
    case shape::pattern:
      return pattern(text_of(it), at);
    case shape::reference:
      return need(find_definition(root_, text_of(it)) != nullptr,
                  "a place in this schema, as in #/$defs/name");
    case shape::list:
      return need(it.is_array(), "a list");
    }
  }

  void schemas(const json::value& it, const std::string& at, int level) {
    const auto* all = it.if_array();
    if (all == nullptr || all->empty())
      return refuse(at, "must be a list of schemas");
    for (std::size_t i = 0; i < all->size(); ++i)
      schema((*all)[i], at + '/' + std::to_string(i), level);
  }

  void named(const json::value& it, bool by_pattern, const std::string& at,
             int level) {
    const auto* all = it.if_object();
    if (all == nullptr)
      return refuse(at, "must be an object");
    for (const auto& member : *all) {
      const std::string name{member.key()};
      if (by_pattern)
        pattern(name, at);
      auto place = at;
      place += '/';
      place += name;
      schema(member.value(), place, level);
    }
  }

  void lists_of_names(const json::value& it, const std::string& at) {
    const auto* all = it.if_object();
    if (all == nullptr
        || !std::all_of(all->begin(), all->end(),
                        [](const auto& one) { return are_names(one.value()); }))
      refuse(at, "must be an object of lists of names");
  }

  void pattern(std::string_view text, const std::string& at) {
    auto made = compile_pattern(text);
    if (!made)
      return refuse(at, made.error().detail);
    all_.emplace(std::string{text}, std::move(*made));
  }

  const json::value& root_;
  patterns& all_;
  std::string wrong_;
};

} // namespace

result<void> verify_schema(const json::value& schema, patterns& all) {
  return verifier{schema, all}.run();
}

const json::value* find_definition(const json::value& root,
                                   std::string_view reference) {
  if (!reference.starts_with('#'))
    return nullptr;
  boost::system::error_code failed;
  const auto* found = root.find_pointer(reference.substr(1), failed);
  return failed ? nullptr : found;
}

result<boost::regex> compile_pattern(std::string_view text) {
  if (text.size() > pattern_bytes_max)
    return fail(errc::mission_invalid,
                "a regular expression of more than 4,096 bytes");
  boost::regex made;
  const auto bad = made.assign(text.data(), text.data() + text.size(),
                               boost::regex::perl | boost::regex::no_except)
                       .status();
  if (bad != 0)
    return fail(errc::mission_invalid, "'" + std::string{text.substr(0, 80)}
                                           + "' is no regular expression");
  return made;
}

result<bool> search_pattern(const boost::regex& pattern,
                            std::string_view text) {
  try {
    return boost::regex_search(text.begin(), text.end(), pattern);
  } catch (const std::runtime_error&) { // it counts its steps
    return fail(errc::limit_exceeded,
                "the regular expression takes too long on this text");
  }
}

result<bool> is_found(std::string_view expression, std::string_view text) {
  const auto made = compile_pattern(expression);
  if (!made)
    return made.error();
  return search_pattern(*made, text);
}

} // namespace troupe::protocol
