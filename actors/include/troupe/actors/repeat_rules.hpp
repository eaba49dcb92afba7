#pragma once

#include <troupe/protocol/chat.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe::actors {

/// What becomes of a call of a tool that a model has made before, with the same
/// arguments, whatever their order and blanks. Not thread-safe.
class repeat_rules {
public:
  explicit repeat_rules(std::uint32_t most) : most_(most) {}

  /// What is to be done with the calls of one reply, in their order.
  enum class verdict {
    make, ///< It was made less than `most` times.
    tell, ///< It is not made: the model is told that it repeats itself.
  };
  [[nodiscard]] std::vector<verdict>
  judge(const std::vector<protocol::tool_call>& calls);

  /// True once a call came again although the model had been told.
  [[nodiscard]] bool is_stuck() const noexcept { return is_stuck_; }

private:
  struct past {
    std::uint32_t made = 0;
    bool is_told = false;
  };

  std::uint32_t most_;
  bool is_stuck_ = false;
  std::map<std::string, past> calls_;
};

/// JSON with the members of its objects in order, without blanks; text that is
/// no JSON as it is.
[[nodiscard]] std::string canonical_json(const std::string& text);

} // namespace troupe::actors
