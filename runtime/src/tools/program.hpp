#pragma once

#include "tools/process.hpp"

#include <troupe/protocol/result.hpp>

#include <string>
#include <string_view>
#include <vector>

/// From what a configuration says to a program that can be called.
namespace troupe::tools {

/// The whole path of a program: of `name` itself where it has a '/', else of
/// the first of that name in the folders of `path`. Errors: `tool_failed`.
/// Blocking: looks at the folders.
[[nodiscard]] protocol::result<std::string>
find_program(const std::string& name, std::string_view path);

/// The value of PATH of this process, or what is usual.
[[nodiscard]] std::string search_path();

/// `NAME=value` of those variables of this process that are set.
[[nodiscard]] std::vector<std::string>
environment_of(const std::vector<std::string>& names);

/// The same call in bubblewrap, whose file is `bwrap`.
[[nodiscard]] process_plan
in_sandbox(process_plan plan, const std::string& bwrap, bool has_network);

/// Bubblewrap's file; empty: it is not there, or may not do its work here.
/// Blocking: runs it once, some milliseconds, at most five seconds.
[[nodiscard]] std::string find_sandbox();

} // namespace troupe::tools
