#include "schema_checker.hpp"

#include "schema_values.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>

namespace troupe::protocol {

namespace json = boost::json;

namespace {

constexpr std::size_t findings_max = 20;

std::size_t code_points(const json::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
      }));
}

bool is_whole(const json::value& it) {
  if (it.is_int64() || it.is_uint64())
    return true;
  return it.is_double() && std::isfinite(it.get_double())
         && std::trunc(it.get_double()) >= it.get_double()
         && std::trunc(it.get_double()) <= it.get_double();
}

bool has_type(const json::value& it, std::string_view type) {
  return (type == "null" && it.is_null()) || (type == "boolean" && it.is_bool())
         || (type == "object" && it.is_object())
         || (type == "array" && it.is_array())
         || (type == "number" && it.is_number())
         || (type == "integer" && is_whole(it))
         || (type == "string" && it.is_string());
}

} // namespace

std::vector<std::string> schema_checker::run(const json::value& it) {
  (void)check(it, root_, "");
  return std::move(findings_);
}

bool schema_checker::wrong(const std::string& at, const std::string& what) {
  if (quiet_ == 0 && findings_.size() < findings_max)
    findings_.push_back((at.empty() ? "" : at + ' ') + what);
  return false;
}

bool schema_checker::fits(const json::value& it, const json::value& schema,
                          const std::string& at) {
  ++quiet_;
  const bool good = check(it, schema, at);
  --quiet_;
  return good;
}

bool schema_checker::check(const json::value& it, const json::value& schema,
                           const std::string& at) {
  if (++steps_ > comparisons_max || depth_ > 2 * schema_levels_max) {
    const auto quiet = std::exchange(quiet_, 0);
    if (findings_.size() < findings_max)
      wrong(at, "takes too long to be checked");
    quiet_ = quiet;
    return false;
  }
  if (const auto* all = schema.if_bool())
    return *all || wrong(at, "must not be there");
  const auto& words = schema.get_object();
  ++depth_;
  bool good = value(it, words, at); // each of them tells what it finds
  good = number(it, words, at) && good;
  good = text(it, words, at) && good;
  good = list(it, words, at) && good;
  good = members(it, words, at) && good;
  good = joined(it, words, at) && good;
  --depth_;
  return good;
}

bool schema_checker::value(const json::value& it, const json::object& words,
                           const std::string& at) {
  bool good = true;
  if (const auto* to = words.if_contains("$ref"))
    good &= check(it, *find_definition(root_, view_of(to->get_string())), at);
  if (const auto* type = words.if_contains("type")) {
    const auto* all = type->if_array();
    const bool is_one =
        all == nullptr
            ? has_type(it, view_of(type->get_string()))
            : std::any_of(all->begin(), all->end(), [&](const auto& one) {
                return has_type(it, view_of(one.get_string()));
              });
    good &= is_one || wrong(at, "must be of type " + shown(*type));
  }
  if (const auto* all = words.if_contains("enum"))
    good &= std::any_of(all->get_array().begin(), all->get_array().end(),
                        [&](const auto& one) { return one == it; })
            || wrong(at, "must be one of " + shown(*all));
  if (const auto* one = words.if_contains("const"))
    good &= *one == it || wrong(at, "must be " + shown(*one));
  return good;
}

bool schema_checker::number(const json::value& it, const json::object& words,
                            const std::string& at) {
  if (!it.is_number())
    return true;
  const auto x = it.to_number<double>();
  bool good = true;
  const auto limit = [&](std::string_view word, auto holds, const char* said) {
    if (const auto* to = words.if_contains(word))
      good &= holds(x, to->to_number<double>())
              || wrong(at, std::string{said} + shown(*to));
  };
  limit("minimum", std::greater_equal<>{}, "must be at least ");
  limit("maximum", std::less_equal<>{}, "must be at most ");
  limit("exclusiveMinimum", std::greater<>{}, "must be above ");
  limit("exclusiveMaximum", std::less<>{}, "must be below ");
  limit(
      "multipleOf",
      [](double a, double b) {
        const auto times = a / b;
        return std::abs(times - std::round(times)) < 1e-9;
      },
      "must be a multiple of ");
  return good;
}

bool schema_checker::counted(std::size_t count, const json::object& words,
                             std::string_view least, std::string_view most,
                             const char* what, const std::string& at) {
  bool good = true;
  const auto has = "has " + std::to_string(count) + ' ' + what;
  if (const auto* to = words.if_contains(least); to && count < count_in(*to))
    good = wrong(at, has + ", at least " + shown(*to) + " are needed");
  if (const auto* to = words.if_contains(most); to && count > count_in(*to))
    good = wrong(at, has + ", at most " + shown(*to) + " may be");
  return good;
}

bool schema_checker::matches(const std::string& pattern, std::string_view word,
                             const std::string& at) {
  const auto found = search_pattern(patterns_.at(pattern), word);
  if (!found)
    return wrong(at, "takes too long to be matched");
  return *found;
}

bool schema_checker::text(const json::value& it, const json::object& words,
                          const std::string& at) {
  const auto* said = it.if_string();
  if (said == nullptr)
    return true;
  bool good = counted(code_points(*said), words, "minLength", "maxLength",
                      "characters", at);
  if (const auto* to = words.if_contains("pattern"))
    good &= matches(std::string{view_of(to->get_string())}, view_of(*said), at)
            || wrong(at, "must match " + shown(*to));
  return good;
}

} // namespace troupe::protocol
