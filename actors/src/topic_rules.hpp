#pragma once

#include "topic_ring.hpp"
#include "troupe/actors/topic_limits.hpp"

#include <troupe/protocol/subscription.hpp>
#include <troupe/protocol/topic.hpp>

#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace troupe::actors {

/// Who gets which message, and when. Messages are offsets here; their content
/// is kept by the caller, as far back as `ring().first()`. Followers are
/// numbers of the caller's; subscriptions are slots, used again after their
/// end. A publish costs as much as there are subscriptions for its topic.
/// Not thread-safe.
class topic_rules {
public:
  using slot = std::uint32_t;
  using follower = std::uint64_t;

  /// What a subscription gets now: first the gap, then the messages.
  struct catch_up {
    slot to = 0;
    std::uint64_t gap_first = 0; ///< 0: no gap.
    std::uint64_t gap_last = 0;
    std::vector<std::uint64_t> offsets;
  };

  topic_rules(const topic_limits& limits, std::uint64_t first_offset);

  /// Takes a message in; `receivers()` get it now.
  /// Errors: `invalid_request`, `limit_exceeded`.
  protocol::result<protocol::published> publish(const protocol::publish& msg,
                                                protocol::instant now);

  /// Of the last publish; valid until the next call.
  [[nodiscard]] const std::vector<slot>& receivers() const noexcept {
    return receivers_;
  }

  /// Starts a subscription called `name`.
  /// Errors: `invalid_request`, `limit_exceeded`.
  protocol::result<catch_up> follow(follower who,
                                    const protocol::subscribe_topic& msg,
                                    protocol::id name, protocol::instant now);

  /// More credit. Unknown subscriptions get nothing.
  catch_up grant(const protocol::grant_credit& msg, protocol::instant now);

  /// Ends one subscription; false when there is none.
  bool end(protocol::id name);

  /// Ends all subscriptions of one that is gone; returns their slots.
  std::vector<slot> forget(follower who);

  /// Those that missed messages and granted no credit for too long.
  [[nodiscard]] std::vector<slot> silent(protocol::instant now) const;

  /// Whether time alone may end a subscription.
  [[nodiscard]] bool is_anyone_waiting() const noexcept {
    return !waiting_.empty();
  }

  [[nodiscard]] bool is_following(follower who) const {
    return by_follower_.count(who) != 0;
  }
  [[nodiscard]] std::optional<slot> find(protocol::id name) const;
  [[nodiscard]] protocol::id name_of(slot which) const {
    return slots_.at(which).name;
  }
  [[nodiscard]] std::vector<slot> all() const;
  [[nodiscard]] const topic_ring& ring() const noexcept { return ring_; }

private:
  static constexpr slot nowhere = ~slot{0};

  /// The subscriptions of one filter.
  using filter_table = std::unordered_map<std::string, std::vector<slot>,
                                          text_hash, std::equal_to<>>;

  struct subscription {
    protocol::id name;                          ///< None: a free slot.
    filter_table::value_type* filter = nullptr; ///< Its list, where it stands
    std::uint32_t position = 0;                 ///< at this place.
    std::uint32_t credit = 0;
    std::uint32_t window = 0;
    slot next_of_follower = nowhere;
    follower who = 0;
    /// The first message that waits for credit; 0: none waits.
    std::uint64_t cursor = 0;
    protocol::instant waits_since{};
  };

  [[nodiscard]] protocol::result<void>
  check(follower who, const protocol::subscribe_topic& msg) const;
  slot occupy(follower who, const protocol::subscribe_topic& msg,
              protocol::id name);
  void release(slot which);
  void unlink_from_follower(slot which);
  void wait(slot which, std::uint64_t offset, protocol::instant now);
  void wait_no_more(slot which);
  catch_up go_on(slot which, protocol::instant now);
  void offer(const std::vector<slot>& followers, std::uint64_t offset,
             protocol::instant now);

  topic_limits limits_;
  topic_ring ring_;
  filter_table filters_;
  std::vector<subscription> slots_;
  std::vector<slot> free_;
  std::vector<slot> receivers_;
  std::unordered_map<protocol::id, slot> by_name_;
  std::unordered_map<follower, slot> by_follower_; ///< The first of its own.
  std::set<std::pair<protocol::instant, slot>> waiting_;
};

} // namespace troupe::actors
