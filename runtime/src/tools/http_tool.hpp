#pragma once

#include "providers/secret.hpp"
#include "tools/name_resolver.hpp"
#include "troupe/runtime/agent_function.hpp"
#include "troupe/runtime/tool_config.hpp"

#include <vector>

namespace troupe::tools {

struct http_tool {
  tool_function code;
  std::vector<providers::secret> keys; ///< That no record may show.
};

/// The code of a tool behind which a server stands. Its calls may be made by
/// several threads. Errors: `config_invalid`, and those of a key that cannot be
/// had. Errors of a call: `tool_failed`, `url_forbidden`, `invalid_request` (by
/// its arguments), `cancelled`, `deadline_exceeded` (of the task).
[[nodiscard]] protocol::result<http_tool>
make_http_tool(const tool_config& config, http::io_thread& io,
               name_resolver resolve);

} // namespace troupe::tools
