#include "budget_windows.hpp"

#include <chrono>

namespace troupe::actors {

using protocol::budget_window;
using protocol::instant;

namespace {

std::chrono::sys_days monday_of(std::chrono::sys_days day) noexcept {
  return day - (std::chrono::weekday{day} - std::chrono::Monday);
}

std::chrono::year_month month_of(std::chrono::sys_days day) noexcept {
  const std::chrono::year_month_day date{day};
  return date.year() / date.month();
}

} // namespace

instant start_of(budget_window window, instant now) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  switch (window) {
  case budget_window::hour:
    return std::chrono::floor<std::chrono::hours>(now);
  case budget_window::day:
    return day;
  case budget_window::week:
    return monday_of(day);
  case budget_window::month:
    return std::chrono::sys_days{month_of(day) / 1};
  default:
    return {};
  }
}

instant end_of(budget_window window, instant now) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  switch (window) {
  case budget_window::hour:
    return std::chrono::floor<std::chrono::hours>(now) + std::chrono::hours{1};
  case budget_window::day:
    return day + std::chrono::days{1};
  case budget_window::week:
    return monday_of(day) + std::chrono::days{7};
  case budget_window::month:
    return std::chrono::sys_days{(month_of(day) + std::chrono::months{1}) / 1};
  default:
    return instant::max();
  }
}

protocol::duration length_of(budget_window window) noexcept {
  switch (window) {
  case budget_window::hour:
    return std::chrono::hours{1};
  case budget_window::day:
    return std::chrono::days{1};
  case budget_window::week:
    return std::chrono::days{7};
  case budget_window::month:
    return std::chrono::days{30};
  default:
    return protocol::duration::max();
  }
}

} // namespace troupe::actors
