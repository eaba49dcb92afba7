#pragma once

#include <troupe/protocol/model.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// Calls of the tools that the user's last text names and that have given no
/// result yet, in the order they are offered; at most 4. A tool is named by
/// `tool:NAME`, or by its name alone as a word. JSON right after `tool:NAME`
/// becomes its arguments; else they are drawn from the tool's schema.
[[nodiscard]] std::vector<protocol::tool_call>
named_tool_calls(const protocol::model_call& call, std::uint64_t seed);

/// A JSON object that has every required property of the schema (all, when none
/// is required; at most 16), with a simple value of its type: its default, its
/// first allowed value, its least, or for a text, `words`.
/// `{}` for a schema that cannot be read.
[[nodiscard]] std::string simple_arguments(std::string_view schema,
                                           std::string_view words);

/// What a call asks for in JSON: the object right behind `answer:` in the
/// user's last text, or else a simple value by the schema that troupe has put
/// behind a task's prompt. Null: it asks for words.
[[nodiscard]] std::optional<std::string>
asked_json(const protocol::model_call& call, std::string_view words);

} // namespace troupe::actors
