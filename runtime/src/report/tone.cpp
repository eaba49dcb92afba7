#include "tone.hpp"

namespace troupe::report {

namespace {

std::string_view code_of(tone look) {
  switch (look) {
  case tone::strong:
    return "\x1b[1m";
  case tone::faint:
    return "\x1b[2m";
  case tone::good:
    return "\x1b[32m";
  case tone::bad:
    return "\x1b[31m";
  case tone::busy:
    return "\x1b[36m";
  case tone::plain:
    break;
  }
  return {};
}

} // namespace

std::string painted(std::string_view text, tone look, bool color) {
  if (!color || look == tone::plain || text.empty())
    return std::string(text);
  return std::string(code_of(look)) + std::string(text) + "\x1b[0m";
}

tone tone_of(protocol::task_state state) noexcept {
  using protocol::task_state;
  switch (state) {
  case task_state::running:
    return tone::busy;
  case task_state::done:
    return tone::good;
  case task_state::failed:
    return tone::bad;
  case task_state::waiting:
  case task_state::ready:
  case task_state::skipped:
  case task_state::omitted:
  case task_state::cancelled:
    break;
  }
  return tone::faint;
}

} // namespace troupe::report
