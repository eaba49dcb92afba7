#pragma once

#include <string>
#include <vector>

namespace troupe::actors {

/// Models that a call goes to where one has failed: ids of the catalogue, the
/// first to be asked first. An empty list says nothing.
struct fallback_lists {
  std::vector<std::string> general;        ///< After any other failure.
  std::vector<std::string> context_window; ///< The prompt was too long.
  std::vector<std::string> content_policy; ///< Who was asked has declined.
};

} // namespace troupe::actors
