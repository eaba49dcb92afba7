#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace troupe::actors {

/// The runs of one tenant whose calls wait: in each round every one of them has
/// one call, whoever has how many (start-time fair queueing with calls of one
/// size). Bounded by the calls that wait. Not thread-safe.
class run_turns {
public:
  /// A run, and how urgent its calls are.
  using line = std::pair<std::string, int>;
  using line_view = std::pair<std::string_view, int>;

  struct waiting {
    std::uint64_t next = 0;  ///< The round of its next call.
    std::uint64_t calls = 0; ///< That wait.
    std::uint64_t input = 0; ///< Their tokens.
    std::uint64_t output = 0;
  };

  /// The round of a call that would come now; `first`: that of the first call
  /// of its urgency that waits, or 0.
  [[nodiscard]] std::uint64_t round_of(const line_view& it,
                                       std::uint64_t first) const {
    const auto found = lines_.find(it);
    return found == lines_.end() ? first : std::max(first, found->second.next);
  }

  void add(const line_view& it, std::uint64_t round, std::uint64_t input,
           std::uint64_t output) {
    auto found = lines_.find(it);
    if (found == lines_.end())
      found = lines_.emplace(line{it.first, it.second}, waiting{}).first;
    found->second.next = std::max(found->second.next, round + 1);
    found->second.calls += 1;
    found->second.input += input;
    found->second.output += output;
  }

  void remove(const line_view& it, std::uint64_t input, std::uint64_t output) {
    const auto found = lines_.find(it);
    if (found == lines_.end())
      return;
    found->second.input -= input;
    found->second.output -= output;
    if (--found->second.calls == 0)
      lines_.erase(found); // who comes back has saved nothing up
  }

  [[nodiscard]] waiting of(const line_view& it) const {
    const auto found = lines_.find(it);
    return found == lines_.end() ? waiting{} : found->second;
  }

  /// How many runs wait with calls so urgent.
  [[nodiscard]] std::uint64_t count(int urgency) const {
    return static_cast<std::uint64_t>(
        std::count_if(lines_.begin(), lines_.end(), [&](const auto& it) {
          return it.first.second == urgency;
        }));
  }

private:
  struct less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const noexcept {
      const std::string_view x = a.first;
      const std::string_view y = b.first;
      return x == y ? a.second < b.second : x < y;
    }
  };
  std::map<line, waiting, less> lines_;
};

} // namespace troupe::actors
