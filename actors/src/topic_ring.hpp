#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace troupe::actors {

/// Lets a table of strings be searched by views.
struct text_hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept {
    return std::hash<std::string_view>{}(text);
  }
};

/// Which offset belongs to which topic, for the latest messages. Bounded by
/// count and bytes; the newest message always stays. Not thread-safe.
class topic_ring {
public:
  topic_ring(std::size_t messages_max, std::size_t bytes_max,
             std::uint64_t first_offset)
      : messages_max_(messages_max), bytes_max_(bytes_max),
        first_(first_offset), next_(first_offset) {}

  /// Returns the offset of the new message.
  std::uint64_t add(std::string_view topic, std::size_t bytes);

  /// The first message at or behind `from` that `filter` stands for; `next()`
  /// when there is none. A step from match to match costs O(1) for a topic; for
  /// a prefix, the messages in between.
  [[nodiscard]] std::uint64_t match(std::string_view filter,
                                    std::uint64_t from) const;

  [[nodiscard]] std::uint64_t first() const noexcept { return first_; }
  [[nodiscard]] std::uint64_t next() const noexcept { return next_; }
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::size_t topics() const noexcept { return topics_.size(); }

private:
  /// Where the messages of a topic begin and end.
  struct chain {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
  };
  using topic_table =
      std::unordered_map<std::string, chain, text_hash, std::equal_to<>>;
  struct entry {
    topic_table::value_type* topic = nullptr;
    std::uint64_t next_of_topic = 0; ///< 0: none yet.
    std::size_t bytes = 0;
  };

  [[nodiscard]] const entry& at(std::uint64_t offset) const {
    return entries_[static_cast<std::size_t>(offset - first_)];
  }
  void drop_oldest();
  [[nodiscard]] std::uint64_t match_topic(std::string_view topic,
                                          std::uint64_t from) const;

  std::size_t messages_max_;
  std::size_t bytes_max_;
  std::size_t bytes_ = 0;
  std::uint64_t first_;
  std::uint64_t next_;
  std::deque<entry> entries_; // bounded by messages_max_ and bytes_max_
  topic_table topics_;
};

} // namespace troupe::actors
