#pragma once

#include "fact.hpp"

#include <map>
#include <optional>

namespace troupe::testing::sim {

/// Looks at what becomes of runs while clients want more than can be done (M1,
/// M3): who is refused and how, who goes first, what is done meanwhile, and
/// what is left of it behind.
class load_watch {
public:
  /// What is wrong with that fact; mostly nothing.
  [[nodiscard]] std::optional<std::string> see(const fact& it);

private:
  enum class phase : std::uint8_t { none, crowd, over, few };
  struct load_run {
    std::int64_t urgency = 0;
    protocol::instant asked{};
    phase during = phase::none;
    bool is_served = false;
  };

  [[nodiscard]] std::optional<std::string> begin(const fact& it);
  [[nodiscard]] std::optional<std::string> see_served(const fact& it);
  [[nodiscard]] std::optional<std::string> see_end(const fact& it);
  [[nodiscard]] std::optional<std::string> see_refused(const fact& it) const;

  phase phase_ = phase::none; ///< None: whatever may happen now.
  std::int64_t able_ = 0;     ///< So many can be done in the crowd's time.
  std::int64_t served_ = 0;   ///< Of them.
  std::map<protocol::id, load_run> open_;
};

} // namespace troupe::testing::sim
