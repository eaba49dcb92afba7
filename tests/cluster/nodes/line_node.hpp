#pragma once

#include <functional>
#include <string>

namespace troupe::test {

/// Listens at all addresses, says `listening`, and answers each line with a
/// line, or with nothing when `answer` returns an empty text. One line at a
/// time; ends with 1 when the port is taken, otherwise never.
[[nodiscard]] int
serve_lines(int port,
            const std::function<std::string(const std::string&)>& answer);

/// A connection that waits at most a second to be made; -1: it was not.
[[nodiscard]] int connect_to(const std::string& address, int port);

} // namespace troupe::test
