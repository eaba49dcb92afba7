#include "condition_values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace troupe::protocol {

namespace {

using boost::json::value;

std::string_view trimmed(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::optional<double> number_in(const value& it) {
  if (it.is_number())
    return it.to_number<double>();
  const auto* text = it.if_string();
  if (text == nullptr)
    return std::nullopt;
  const auto word = trimmed({text->data(), text->size()});
  double read = 0;
  const auto end =
      std::from_chars(word.data(), word.data() + word.size(), read);
  if (word.empty() || end.ec != std::errc{}
      || end.ptr != word.data() + word.size() || !is_plain_number(read))
    return std::nullopt;
  return read;
}

/// Null where one of them is no number, or both are texts.
std::optional<std::pair<double, double>> numbers(const value& a,
                                                 const value& b) {
  if (!a.is_number() && !b.is_number())
    return std::nullopt;
  const auto x = number_in(a);
  const auto y = number_in(b);
  if (!x || !y)
    return std::nullopt;
  return std::pair{*x, *y};
}

bool order_holds(const value& a, const value& b, bool or_equal) {
  auto both = numbers(a, b);
  if (!both) {
    // Two texts of figures, as models answer them.
    const auto x = number_in(a);
    const auto y = number_in(b);
    if (!x || !y)
      return false;
    both = std::pair{*x, *y};
  }
  return or_equal ? both->first <= both->second : both->first < both->second;
}

} // namespace

bool is_plain_number(double x) noexcept {
  return std::isfinite(x);
}

bool counts_as_true(const value& it) {
  switch (it.kind()) {
  case boost::json::kind::null:
    return false;
  case boost::json::kind::bool_:
    return it.get_bool();
  case boost::json::kind::string:
    return !trimmed({it.get_string().data(), it.get_string().size()}).empty();
  case boost::json::kind::array:
    return !it.get_array().empty();
  case boost::json::kind::object:
    return !it.get_object().empty();
  default:
    return it.to_number<double>() < 0 || it.to_number<double>() > 0;
  }
}

bool is_equal(const value& a, const value& b) {
  if (const auto both = numbers(a, b))
    return both->first <= both->second && both->first >= both->second;
  if (a.is_string() && b.is_string())
    return trimmed({a.get_string().data(), a.get_string().size()})
           == trimmed({b.get_string().data(), b.get_string().size()});
  // A task's whole answer is a text, also where it says true.
  if (a.is_bool() && b.is_string())
    return trimmed({b.get_string().data(), b.get_string().size()})
           == (a.get_bool() ? "true" : "false");
  if (a.is_string() && b.is_bool())
    return is_equal(b, a);
  return a == b;
}

bool is_less(const value& a, const value& b) {
  return order_holds(a, b, false);
}

bool is_at_most(const value& a, const value& b) {
  return order_holds(a, b, true);
}

bool is_in(const value& what, const value& whole) {
  const auto* text = what.if_string();
  if (const auto* all = whole.if_array())
    return std::any_of(all->begin(), all->end(),
                       [&](const value& it) { return is_equal(it, what); });
  if (text == nullptr)
    return false;
  const std::string_view word{text->data(), text->size()};
  if (const auto* members = whole.if_object())
    return members->contains(word);
  const auto* said = whole.if_string();
  return said != nullptr
         && std::string_view{said->data(), said->size()}.find(word)
                != std::string_view::npos;
}

} // namespace troupe::protocol
