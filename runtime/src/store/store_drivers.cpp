#include "store/store_drivers.hpp"

#include <algorithm>
#include <map>
#include <mutex>

namespace troupe::store {

using protocol::errc;
using protocol::fail;

namespace {

struct driver_table {
  std::mutex mutex;
  std::map<std::string, driver> all; // one a scheme that a program has linked
};

driver_table& drivers() {
  static driver_table it;
  return it;
}

/// Empty: it is no URL.
std::string scheme_of(const std::string& place) {
  const auto end = place.find("://");
  if (end == std::string::npos || end < 2)
    return {};
  auto scheme = place.substr(0, end);
  const bool is_plain = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+';
  });
  return is_plain ? scheme : std::string{};
}

} // namespace

void add_driver(const std::string& scheme, driver open) {
  auto& to = drivers();
  const std::lock_guard lock{to.mutex};
  to.all.insert_or_assign(scheme, std::move(open));
}

bool is_url(const std::string& place) {
  return !scheme_of(place).empty();
}

std::string printable_place(const std::string& place) {
  const auto scheme = scheme_of(place);
  if (scheme.empty())
    return place;
  auto rest = place.substr(scheme.size() + 3);
  rest.resize(std::min(rest.find_first_of("?#"), rest.size()));
  // A password may hold any sign: all up to the last one that ends it.
  if (const auto at = rest.rfind('@'); at != std::string::npos)
    rest.erase(0, at + 1);
  return scheme + "://" + rest;
}

opened_store open_url(const std::string& url) {
  const auto scheme = scheme_of(url);
  driver open;
  {
    auto& from = drivers();
    const std::lock_guard lock{from.mutex};
    if (const auto at = from.all.find(scheme); at != from.all.end())
      open = at->second;
  }
  if (open)
    return open(url);
  const bool is_postgres = scheme == "postgresql" || scheme == "postgres";
  return fail(errc::config_invalid,
              "this program cannot open " + printable_place(url)
                  + (is_postgres ? ": it needs the library troupe::postgres, "
                                   "and troupe::postgres::install()"
                                 : ": nothing is known of '" + scheme + "'"));
}

} // namespace troupe::store
