#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/subscription.hpp>
#include <troupe/protocol/topic.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <variant>

namespace troupe {

/// What a feed gives: a message, or which offsets this reader has missed.
using topic_item =
    std::variant<protocol::topic_message, protocol::subscription_gap>;

struct follow_options {
  /// Messages that wait for the reader here, at most; 1 to 10,000. A reader
  /// that is slower misses messages, and is told which.
  std::uint32_t window = 256;
  std::uint64_t from = 0; ///< First offset wanted, if still kept; 0: from now.
};

/// What an agent of C++ does when something is announced. Called by a shared
/// worker; for a blocking agent also while its code runs. Must return within a
/// millisecond.
using announcement_function =
    std::function<void(const protocol::announcement&)>;

/// Messages of one topic or prefix, in order. Ends with this object.
/// Thread safety: any thread, but for moves and the destructor.
class topic_feed {
public:
  struct shared_state;
  explicit topic_feed(std::shared_ptr<shared_state> state);
  topic_feed(topic_feed&&) noexcept;
  topic_feed& operator=(topic_feed&&) noexcept;
  ~topic_feed();

  /// The next item, or nothing when `patience` has passed or the feed has
  /// ended. What came before the end is given first.
  [[nodiscard]] std::optional<topic_item>
  next(std::chrono::milliseconds patience);

  /// Why nothing comes any more; nothing while the feed is alive. `overloaded`:
  /// this reader missed messages and took none for 30 s. `unreachable`: the
  /// runtime ends, or its hub was restarted; follow again then.
  [[nodiscard]] std::optional<protocol::error> ended() const;

private:
  std::shared_ptr<shared_state> state_;
};

} // namespace troupe
