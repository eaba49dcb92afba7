#pragma once

#include "support/protocol/random_source.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <cstddef>
#include <functional>
#include <string>

/// Messages of every type for tests that need not know the types; compiled
/// once, as whatever names all types takes long.
namespace troupe::protocol::test {

[[nodiscard]] std::size_t message_type_count();

/// A random message of the type at `type` in the list of messages.
[[nodiscard]] any_message random_message(std::size_t type,
                                         random_source& source);

/// A random message of a random type.
[[nodiscard]] any_message random_message(random_source& source);

/// The message of that type with all its defaults.
[[nodiscard]] any_message default_message(std::size_t type);

/// The header of any message, to be changed.
[[nodiscard]] header& header_of(any_message& message);

/// Calls `f` for every text in any message, however deep.
void for_each_text_of(any_message& message,
                      const std::function<void(std::string&)>& f);

} // namespace troupe::protocol::test
