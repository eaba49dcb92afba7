#pragma once

#include <troupe/protocol/event.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::report {

/// What a piece of text means to its reader; a terminal shows it as a colour.
enum class tone : std::uint8_t { plain, strong, faint, good, bad, busy };

/// The text between the codes of its tone; as it is when `color` is false.
[[nodiscard]] std::string painted(std::string_view text, tone look, bool color);

[[nodiscard]] tone tone_of(protocol::task_state state) noexcept;

/// For whom a text is made.
struct page {
  std::size_t columns = 0; ///< Width of the terminal; 0: no limit.
  bool color = false;
};

} // namespace troupe::report
