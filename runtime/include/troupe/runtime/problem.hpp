#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace troupe {

/// Something wrong in a file that a person wrote, and where.
struct problem {
  std::string file;
  std::uint32_t line = 0;   ///< From 1; 0: the file as a whole.
  std::uint32_t column = 0; ///< From 1; 0: the line as a whole.
  std::string message;

  bool operator==(const problem&) const = default;
};

/// `missions/a.yaml:12:7: unknown key 'promt' (did you mean 'prompt'?)`
[[nodiscard]] std::string to_text(const problem& value);

/// One problem a line, each line ended by a newline.
[[nodiscard]] std::string to_text(std::span<const problem> values);

} // namespace troupe
