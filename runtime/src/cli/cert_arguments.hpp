#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace troupe::cli {

enum class cert_action : std::uint8_t {
  init,
  node,
  client,
  show,
  check,
  revoke,
  list,
};

/// What the user typed for `troupe cert`.
struct cert_arguments {
  cert_action action = cert_action::list;
  std::string folder = "certs";
  bool force = false;
  bool json = false;
  bool no_color = false;
  std::uint32_t days = 0; ///< 0: as long as is usual.
  std::string cluster;
  std::string name;
  std::vector<std::string> addresses;
  std::vector<std::string> files; ///< Of `show`; one of `check`.
  std::string ca_file;            ///< Of `check`, empty: beside the file.
  std::string key_file;
  std::string crl_file;
};

} // namespace troupe::cli
