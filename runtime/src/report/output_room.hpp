#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe::report {

/// How much of what agents have written a document may hold.
struct output_limits {
  std::size_t bytes_each = 0;
  std::size_t bytes_all = 0;
  std::size_t count = 0; ///< Of outputs.
};

/// Shares out the room for outputs.
class output_room {
public:
  explicit output_room(const output_limits& limits)
      : limits_(limits), bytes_left_(limits.bytes_all),
        count_left_(limits.count) {}

  struct share {
    std::string text; ///< As `document_text`.
    std::string note; ///< What is left out; empty: nothing.
  };

  /// False when there is no room for another output.
  [[nodiscard]] bool has_room() const noexcept {
    return count_left_ != 0 && bytes_left_ != 0;
  }

  /// As much of an output as there is room for.
  [[nodiscard]] share take(std::string_view output);

private:
  output_limits limits_;
  std::size_t bytes_left_;
  std::size_t count_left_;
};

} // namespace troupe::report
