#pragma once

#include "tone.hpp"

#include <troupe/protocol/tree.hpp>

#include <string>

namespace troupe::report {

/// A tree of supervisors for people: a line for each, those below it indented.
[[nodiscard]] std::string tree_text(const protocol::tree_node& top,
                                    const page& on);

} // namespace troupe::report
