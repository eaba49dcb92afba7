#include "clip.hpp"

namespace troupe::actors {

std::string_view clip(std::string_view text, std::size_t bytes_max) noexcept {
  const auto is_continuation = [text](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
  };
  if (text.size() <= bytes_max)
    return text;
  auto end = bytes_max;
  for (int i = 0; i < 3 && end > 1 && is_continuation(end); ++i)
    --end;
  return text.substr(0, end);
}

} // namespace troupe::actors
