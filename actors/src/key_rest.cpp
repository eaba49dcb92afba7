#include "key_rest.hpp"

namespace troupe::actors {

using protocol::duration;
using protocol::instant;

void key_rest::refused(const protocol::error& why, instant now) {
  if (why.retry_after > duration{})
    return told_.ask(why.retry_after, now);
  if (!own_.is_over(now))
    return; // it was on its way when the rest began
  in_a_row_ += 1;
  if (in_a_row_ < refusals_needed)
    return;
  auto length = limits_.open_first;
  for (std::uint32_t i = 0; i < rests_ && length < limits_.open_max; ++i)
    length *= 2;
  rests_ += 1;
  own_.ask(std::min(length, limits_.open_max), now);
}

bool key_rest::answered(instant now) {
  in_a_row_ = 0;
  rests_ = 0;
  if (own_.is_over(now))
    return false;
  own_ = {};
  return told_.is_over(now);
}

} // namespace troupe::actors
