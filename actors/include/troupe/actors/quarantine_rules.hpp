#pragma once

#include <troupe/protocol/quarantine.hpp>
#include <troupe/protocol/result.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::actors {

struct quarantine_limits {
  std::uint32_t crashes = 3;        ///< So many, and it is held; at least 1.
  std::size_t messages_max = 1'000; ///< Remembered; at least 1.
  std::size_t bytes_max = 65'536;   ///< Kept of a message's texts; at least 4.
  std::size_t crashes_max = 8;      ///< The last ones, told of a message.
};

/// Which messages have made those crash who worked on them, and are therefore
/// given to nobody any more. One that goes well is forgotten, unless it is held
/// already. When there is no more room, the oldest goes: one that is not held,
/// if there is one. Not thread-safe.
class quarantine_rules {
public:
  /// Takes secrets out of a text.
  using cleaner = std::function<std::string(const std::string&)>;

  quarantine_rules(const quarantine_limits& limits, cleaner clean)
      : limits_(limits), clean_(std::move(clean)) {}

  /// Somebody crashed over it. Errors: `quarantined`, when it is held now.
  protocol::result<void> crashed(protocol::id digest,
                                 const protocol::perform_task& what,
                                 protocol::message_crash how);

  /// Somebody has worked on it and answered.
  void went_well(protocol::id digest);

  /// Whether it may be given to somebody. Errors: `quarantined`, which counts.
  protocol::result<void> admit(protocol::id digest);

  /// Makes it a message like any other. False: it was none that is held.
  bool release(protocol::id digest);

  /// None when it is not remembered.
  [[nodiscard]] std::optional<protocol::quarantined_message>
  find(protocol::id digest) const;
  /// Those that are held, the oldest first.
  [[nodiscard]] std::vector<protocol::quarantined_message> held() const;
  [[nodiscard]] std::size_t size() const noexcept { return messages_.size(); }

private:
  protocol::quarantined_message& place_for(protocol::id digest);
  void keep_texts(const protocol::perform_task& what,
                  protocol::quarantined_message& to) const;
  void forget(protocol::id digest);
  void make_room();

  quarantine_limits limits_;
  cleaner clean_;
  std::unordered_map<protocol::id, protocol::quarantined_message> messages_;
  std::deque<protocol::id> order_; // bounded by messages_max
};

} // namespace troupe::actors
