#pragma once

#include "troupe/protocol/describe.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What is said to a model and by it.
namespace troupe::protocol {

struct text_part {
  std::string text{};

  bool operator==(const text_part&) const = default;
};
BOOST_DESCRIBE_STRUCT(text_part, (), (text))

/// A model's wish to have a tool run.
struct tool_call {
  std::string call_id{}; ///< The provider's; repeated in the result.
  std::string name{};
  std::string arguments{}; ///< JSON text; untrusted.

  bool operator==(const tool_call&) const = default;
};
BOOST_DESCRIBE_STRUCT(tool_call, (), (call_id, name, arguments))

/// What running a tool gave.
struct tool_result {
  std::string call_id{};
  std::string content{};
  bool is_error = false;

  bool operator==(const tool_result&) const = default;
};
BOOST_DESCRIBE_STRUCT(tool_result, (), (call_id, content, is_error))

/// A model's reasoning that must be sent back unchanged beside tool results.
struct thinking_part {
  std::string text{};
  std::string signature{}; ///< The provider's; opaque.

  bool operator==(const thinking_part&) const = default;
};
BOOST_DESCRIBE_STRUCT(thinking_part, (), (text, signature))

/// One piece of a message. In text forms the one field's name tells which.
using content_part =
    std::variant<text_part, tool_call, tool_result, thinking_part>;

#define TROUPE_ALTERNATIVE(Type, Name)                                         \
  template <>                                                                  \
  inline constexpr std::string_view alternative_name<Type> = Name;
TROUPE_ALTERNATIVE(text_part, "text")
TROUPE_ALTERNATIVE(tool_call, "tool_call")
TROUPE_ALTERNATIVE(tool_result, "tool_result")
TROUPE_ALTERNATIVE(thinking_part, "thinking")
#undef TROUPE_ALTERNATIVE

enum class chat_role : std::uint8_t { user, assistant };
BOOST_DESCRIBE_ENUM(chat_role, user, assistant)

struct chat_message {
  chat_role role = chat_role::user;
  std::vector<content_part> content{};

  bool operator==(const chat_message&) const = default;
};
BOOST_DESCRIBE_STRUCT(chat_message, (), (role, content))

/// A tool as a model sees it.
struct tool_spec {
  std::string name{};
  std::string description{};
  std::string input_schema{}; ///< JSON Schema of an object, as text.

  bool operator==(const tool_spec&) const = default;
};
BOOST_DESCRIBE_STRUCT(tool_spec, (), (name, description, input_schema))

/// All text of a message or reply, joined.
[[nodiscard]] std::string text_of(const std::vector<content_part>& content);

} // namespace troupe::protocol
