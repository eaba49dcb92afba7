// The part of schema_checker that looks into lists and objects.
#include "schema_checker.hpp"
#include "schema_values.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace json = boost::json;

bool schema_checker::list(const json::value& it, const json::object& words,
                          const std::string& at) {
  const auto* all = it.if_array();
  if (all == nullptr)
    return true;
  bool good = counted(all->size(), words, "minItems", "maxItems", "items", at);
  std::size_t from = 0;
  if (const auto* first = words.if_contains("prefixItems"))
    for (const auto& schema : first->get_array()) {
      if (from == all->size())
        break;
      good &= check((*all)[from], schema, at + '/' + std::to_string(from));
      ++from;
    }
  if (const auto* rest = words.if_contains("items"))
    for (; from < all->size(); ++from)
      good &= check((*all)[from], *rest, at + '/' + std::to_string(from));
  if (const auto* once = words.if_contains("uniqueItems");
      once && once->get_bool())
    good &= are_unique(*all) || wrong(at, "has an item twice");
  if (const auto* schema = words.if_contains("contains"))
    good &= contains(*all, *schema, words, at);
  return good;
}

bool schema_checker::are_unique(const json::array& all) {
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t k = 0; k < i; ++k)
      if (++steps_ > comparisons_max || all[i] == all[k])
        return false;
  return true;
}

bool schema_checker::contains(const json::array& all, const json::value& schema,
                              const json::object& words,
                              const std::string& at) {
  const auto count = static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](const json::value& one) {
        return fits(one, schema, at);
      }));
  const auto* least = words.if_contains("minContains");
  if (count == 0 && (least == nullptr || count_in(*least) != 0))
    return wrong(at, "has no item as 'contains' asks for");
  return counted(count, words, "minContains", "maxContains",
                 "items as 'contains' asks for", at);
}

bool schema_checker::members(const json::value& it, const json::object& words,
                             const std::string& at) {
  const auto* all = it.if_object();
  if (all == nullptr)
    return true;
  bool good = counted(all->size(), words, "minProperties", "maxProperties",
                      "members", at);
  if (const auto* names = words.if_contains("required"))
    good &= has_all(*all, names->get_array(), at);
  if (const auto* lists = words.if_contains("dependentRequired"))
    for (const auto& list : lists->get_object())
      if (all->contains(list.key()))
        good &= has_all(*all, list.value().get_array(), at);
  if (const auto* schemas = words.if_contains("dependentSchemas"))
    for (const auto& schema : schemas->get_object())
      if (all->contains(schema.key()))
        good &= check(it, schema.value(), at);
  for (const auto& member : *all)
    good &= one_member(member, words, at + '/' + std::string{member.key()});
  return good;
}

bool schema_checker::has_all(const json::object& it, const json::array& names,
                             const std::string& at) {
  bool good = true;
  for (const auto& name : names)
    good &= it.contains(name.get_string())
            || wrong(at, "has no member " + shown(name));
  return good;
}

bool schema_checker::one_member(const json::key_value_pair& member,
                                const json::object& words,
                                const std::string& at) {
  bool good = true;
  bool is_known = false;
  const std::string_view key{member.key()};
  if (const auto* all = words.if_contains("properties"))
    if (const auto* schema = all->get_object().if_contains(key)) {
      is_known = true;
      good &= check(member.value(), *schema, at);
    }
  if (const auto* all = words.if_contains("patternProperties"))
    for (const auto& schema : all->get_object())
      if (matches(std::string{schema.key()}, key, at)) {
        is_known = true;
        good &= check(member.value(), schema.value(), at);
      }
  if (const auto* rest = words.if_contains("additionalProperties");
      rest && !is_known)
    good &= check(member.value(), *rest, at);
  if (const auto* names = words.if_contains("propertyNames"))
    good &= check(json::value(key), *names, at);
  return good;
}

bool schema_checker::joined(const json::value& it, const json::object& words,
                            const std::string& at) {
  bool good = true;
  if (const auto* all = words.if_contains("allOf"))
    for (const auto& schema : all->get_array())
      good &= check(it, schema, at);
  const auto fitting = [&](const json::value& all) {
    return std::count_if(
        all.get_array().begin(), all.get_array().end(),
        [&](const json::value& schema) { return fits(it, schema, at); });
  };
  if (const auto* all = words.if_contains("anyOf"))
    good &= fitting(*all) != 0 || wrong(at, "fits none of 'anyOf'");
  if (const auto* all = words.if_contains("oneOf"))
    good &= fitting(*all) == 1 || wrong(at, "must fit exactly one of 'oneOf'");
  if (const auto* schema = words.if_contains("not"))
    good &= !fits(it, *schema, at) || wrong(at, "must not fit 'not'");
  if (const auto* schema = words.if_contains("if"))
    if (const auto* next =
            words.if_contains(fits(it, *schema, at) ? "then" : "else"))
      good &= check(it, *next, at);
  return good;
}

} // namespace troupe::protocol
