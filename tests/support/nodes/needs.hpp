#pragma once

#include "support/catch.hpp"
#include "support/cluster/net_namespace.hpp"
#include "support/postgres/postgres_server.hpp"

#include <string>

namespace troupe::test {

/// True, and says why, where networks or a database cannot be had.
inline bool is_skipped() {
  static const auto why = why_no_networks();
  if (!why.empty())
    WARN("skipped: " << why);
  if (!postgres_server::is_installed())
    WARN("skipped: no PostgreSQL server is installed");
  return !why.empty() || !postgres_server::is_installed();
}

/// Of the server that tests share, as libpq's URI takes a folder for a host.
inline std::string journal_url() {
  std::string folder;
  for (const char it : postgres_server::shared().folder())
    folder += it == '/' ? std::string{"%2F"} : std::string{it};
  return "postgresql:///postgres?host=" + folder + "&user=troupe";
}

} // namespace troupe::test
