#pragma once

#include "troupe/protocol/result.hpp"

#include <boost/json/value.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// Whether a regular expression (Perl's) is found in a text. Bytes, not code
/// points. Never takes longer than a bound that grows with the text.
/// Errors: `mission_invalid` for a bad expression, or one of more than 4,096
/// bytes; `limit_exceeded` for one that would take too long on this text.
[[nodiscard]] result<bool> is_found(std::string_view expression,
                                    std::string_view text);

/// A JSON Schema that texts are checked against: draft 2020-12 without
/// `$dynamicRef`, `$anchor`, `unevaluatedItems` and `unevaluatedProperties`;
/// `$ref` within itself only; `format` and `content...` say nothing, as the
/// draft has it. A word that it does not know is an error, so that nothing is
/// left unchecked in silence. Immutable; any thread.
class json_schema {
public:
  /// Errors: `mission_invalid`; says where in the schema. At most 256 KiB and
  /// 64 levels.
  [[nodiscard]] static result<json_schema> parse(std::string_view text);

  /// What is wrong with a value, by place: at most 20 findings, none when it
  /// is as it should be.
  [[nodiscard]] std::vector<std::string>
  check(const boost::json::value& it) const;

private:
  struct content;
  std::shared_ptr<const content> content_;
};

} // namespace troupe::protocol
