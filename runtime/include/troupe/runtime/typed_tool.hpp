#pragma once

#include "troupe/runtime/runtime.hpp"

#include <troupe/protocol/json_schema.hpp>

#include <boost/json/serialize.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace troupe {

/// `schema` as providers take it for a tool: an object at the top rather than a
/// reference to one.
[[nodiscard]] std::string tool_input_schema(boost::json::value schema);

/// A model's arguments, read within bounds. Errors: `malformed_message`,
/// `limit_exceeded`.
[[nodiscard]] protocol::result<boost::json::value>
parse_tool_arguments(std::string_view text);

/// What a tool gives as the model reads it: texts as they are, all else as
/// JSON.
template <class Out>
[[nodiscard]] std::string tool_output(const Out& value) {
  if constexpr (std::convertible_to<const Out&, std::string>)
    return value;
  else
    return boost::json::serialize(protocol::to_json(value));
}

/// The same for code that may fail.
template <class Out>
[[nodiscard]] protocol::result<std::string> tool_answer(const Out& value) {
  return tool_output(value);
}
template <class Out>
[[nodiscard]] protocol::result<std::string>
tool_answer(const protocol::result<Out>& outcome) {
  if (!outcome)
    return outcome.error();
  return tool_output(*outcome);
}

/// Adds a tool whose parameters are the members of `In` and whose answer is
/// what `code` returns, an `Out` or a `protocol::result<Out>`; each a struct
/// with a BOOST_DESCRIBE_STRUCT line, and an answer may be text. Parameters are
/// required but for `std::optional`s, and for all where
/// `protocol::omits_defaults<In>` is true. `code` is called with an `In` and
/// with the `tool_view`; for arguments that are none it is not called, and the
/// model is told which field is wrong, as in `/city: expected a string`.
/// Errors and threads: as `runtime::add_tool`.
template <protocol::described In, class Code>
requires std::invocable<const Code&, const In&, const tool_view&>
    protocol::result<void> add_typed_tool(runtime& to, std::string name,
                                          std::string description, Code code,
                                          const tool_options& options = {}) {
  protocol::tool_spec spec{std::move(name), std::move(description),
                           tool_input_schema(protocol::schema_of<In>())};
  return to.add_tool(
      std::move(spec),
      [code = std::move(code)](
          const tool_view& it) -> protocol::result<std::string> {
        const auto json = parse_tool_arguments(it.arguments);
        if (!json)
          return json.error();
        const auto in = protocol::from_json<In>(*json);
        if (!in)
          return in.error();
        return tool_answer(code(*in, it));
      },
      options);
}

} // namespace troupe
