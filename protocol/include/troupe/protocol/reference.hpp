#pragma once

#include "troupe/protocol/result.hpp"

#include <boost/json/value.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// `${plan.output.items[0].name}`: what a text takes from a task's result.
namespace troupe::protocol {

/// A reference in a text.
struct reference {
  enum class source : std::uint8_t {
    output, ///< What a task gave.
    state,  ///< What became of it: `done`, `failed`, `omitted`, ...
    input,  ///< An input of the mission.
  };
  using step = std::variant<std::string, std::size_t>; ///< Member, or place.

  source from = source::output;
  std::string name;        ///< Of the task or the input.
  std::vector<step> steps; ///< Into its JSON; none: the text as it stands.
  std::size_t at = 0;      ///< Where it stands in the text, with its `${`.
  std::size_t size = 0;
};

/// The references of a text, by place: `${TASK.output}`, `${TASK.state}` and
/// `${inputs.NAME}`, each with `.member` and `[place]` behind it. `$${` stands
/// for `${`. A `${` without a dot before its `}` is no reference and stays.
/// Errors: `mission_invalid` for any other; says where and what was meant.
/// At most 1,000 references of 1,000 bytes and 32 steps.
[[nodiscard]] result<std::vector<reference>>
references_in(std::string_view text);

/// The text behind a reference, without regard to its steps; null: none.
using text_source =
    std::function<std::optional<std::string>(const reference& it)>;

/// What a reference stands for: the text itself as a string, or with steps a
/// part of its JSON. Text of at most 4 MiB may stand in a fence of three
/// backticks. Null: there is none.
[[nodiscard]] std::optional<boost::json::value>
value_behind(const reference& it, const text_source& texts);

/// A value as text: a string as it is, anything else as JSON.
[[nodiscard]] std::string text_of_value(const boost::json::value& it);

/// JSON from text that may stand in a fence of three backticks; null: it is no
/// JSON, or more than 4 MiB of it.
[[nodiscard]] std::optional<boost::json::value>
json_in_answer(std::string_view text);

/// `text` with what its references stand for in their place.
/// Errors: `mission_invalid` as in `references_in`; `invalid_request` for one
/// behind which there is nothing; `limit_exceeded` beyond `bytes_max`.
[[nodiscard]] result<std::string> fill_references(std::string_view text,
                                                  const text_source& texts,
                                                  std::size_t bytes_max);

} // namespace troupe::protocol
