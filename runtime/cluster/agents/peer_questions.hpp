#pragma once

#include "agent_words.hpp"
#include "load_board.hpp"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace troupe::cluster {

/// Questions to other nodes that wait for their answers. Thread safety: any
/// thread.
class peer_questions {
public:
  static constexpr std::size_t open_max = 1'000;

  /// Errors: `overloaded`, `unreachable` once it is closed.
  protocol::result<void> open(const protocol::id& request,
                              const std::string& peer, const link_status& link);

  /// The answer, after which it is not open any more. Errors: `unreachable`
  /// when the node is given up or this is closed; `deadline_exceeded`.
  protocol::result<agent_told> wait(const protocol::id& request,
                                    const link_status& link,
                                    std::chrono::milliseconds patience);

  /// Of another peer than was asked, or nobody waits for it: no effect.
  void answer(const std::string& peer, agent_answer what);

  /// All end.
  void close();

  /// Waits; ends early, with false, when this is closed.
  bool pause(std::chrono::milliseconds time);

private:
  struct one {
    std::string peer;
    std::uint64_t given_up = 0; ///< How often the peer was, when it was asked.
    std::optional<agent_told> told;
  };

  std::mutex mutex_; ///< Guards what follows.
  std::condition_variable changed_;
  std::map<protocol::id, one> open_; // bounded by open_max
  bool is_closed_ = false;
};

} // namespace troupe::cluster
