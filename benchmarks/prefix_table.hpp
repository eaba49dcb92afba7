#pragma once

#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <cstdint>
#include <list>
#include <span>
#include <unordered_map>
#include <vector>

namespace troupe::benchmarks {

/// A beginning of a prompt: equal marks mean equal texts up to there, but for
/// chance. Whoever can choose texts can make them equal: a wrong guess of what
/// is cached costs no more than the guess.
struct prefix_mark {
  std::uint64_t mark = 0;
  std::uint64_t size = 0; ///< Of the beginning; tokens or bytes.
};

/// Which of several models or keys probably still has the beginning of a prompt
/// in its cache. They are numbered by the caller. What has not been used for
/// the lifetime is forgotten, and beyond `marks_max` what was used least
/// recently. The router knows less: one model a conversation
/// (`prefix_affinity`). Not thread-safe.
class prefix_table {
public:
  struct limits {
    std::size_t marks_max = 100'000;
    protocol::duration lifetime = std::chrono::minutes{5};
  };

  explicit prefix_table(const limits& bounds) : limits_(bounds) {}

  struct holding {
    std::size_t holder = 0;
    std::uint64_t size = 0; ///< Of the longest beginning that it has.
  };
  /// Of each holder that has any, the longest first; of equal ones, who had it
  /// last.
  [[nodiscard]] std::vector<holding> find(std::span<const prefix_mark> marks,
                                          protocol::instant now) const;

  /// A call with these beginnings, shortest first, has gone to it.
  void note(std::size_t holder, std::span<const prefix_mark> marks,
            protocol::instant now);

  [[nodiscard]] std::size_t size() const noexcept { return marks_.size(); }

private:
  struct use {
    std::size_t holder = 0;
    protocol::instant until{};
  };
  struct entry {
    std::vector<use> uses;                    ///< At most `holders_max`.
    std::list<std::uint64_t>::iterator place; ///< In what is bounded by us.
  };
  static constexpr std::size_t holders_max = 8;

  limits limits_;
  std::unordered_map<std::uint64_t, entry> marks_;
  /// Used last first; bounded by marks_max.
  std::list<std::uint64_t> order_;
};

} // namespace troupe::benchmarks
