#include "terminal.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>

namespace troupe::cli {

namespace {

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

} // namespace

report::screen_size size_of(const output& where) {
  winsize size{};
  if (::ioctl(where.descriptor(), TIOCGWINSZ, &size) != 0 || size.ws_col == 0
      || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

bool is_drawable(const output& where) {
  return where.is_terminal() && environment("TERM") != "dumb"
         && !environment("TERM").empty();
}

report::page page_for(const output& where, bool forbidden) {
  if (!where.is_terminal())
    return {};
  return {size_of(where).columns,
          !forbidden && is_drawable(where) && environment("NO_COLOR").empty()};
}

} // namespace troupe::cli
