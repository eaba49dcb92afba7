#pragma once

#include "troupe/protocol/result.hpp"

#include <string>
#include <string_view>

namespace troupe::protocol {

/// The text forms of messages.
enum class text_form : unsigned char { json, xml };

/// A message of `type` to start from, indented: a header with the usual fields,
/// and every field of the body with its default; lists hold one item.
/// It is valid as it stands.
/// Errors: `invalid_request` for a type that is not known.
[[nodiscard]] result<std::string> message_template(std::string_view type,
                                                   text_form form);

} // namespace troupe::protocol
