#pragma once

#include "troupe/protocol/reference.hpp"

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// A condition of a mission, as in
/// `${review.output.score} >= 7 and not ${plan.output} contains "DRAFT"`.
///
/// Values: references, numbers, "text" or 'text', true, false, null. Compared
/// by `==`, `!=`, `<`, `<=`, `>`, `>=` and `contains`; joined by `not`, `and`,
/// `or` (in this order of strength) and parentheses. A value alone holds unless
/// it is null, false, 0, "" or an empty list or object. What a reference does
/// not find is null. Numbers in texts compare as numbers with numbers; `<` and
/// the like do not hold between other kinds. `contains` looks for a text in a
/// text, for a value in a list, for a member in an object.
/// Thread safety: any thread.
class condition {
public:
  /// Errors: `mission_invalid`; says what was expected where. At most 4,096
  /// bytes and 32 levels.
  [[nodiscard]] static result<condition> parse(std::string_view text);

  [[nodiscard]] bool holds(const text_source& texts) const;

  [[nodiscard]] const std::vector<reference>& references() const noexcept {
    return references_;
  }

private:
  enum class op : std::uint8_t {
    literal,
    refer,
    negate,
    both,
    either,
    equal,
    unequal,
    less,
    at_most,
    more,
    at_least,
    contains,
  };
  /// By position in `nodes_`; a node stands behind those it is made of.
  struct node {
    op what = op::literal;
    std::size_t left = 0; ///< Also the place of a literal or a reference.
    std::size_t right = 0;
  };
  class reader;

  [[nodiscard]] boost::json::value value_at(std::size_t at,
                                            const text_source& texts) const;

  std::vector<node> nodes_;
  std::vector<boost::json::value> literals_;
  std::vector<reference> references_;
};

} // namespace troupe::protocol
