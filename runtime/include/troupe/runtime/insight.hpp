#pragma once

#include <troupe/protocol/exchange.hpp>
#include <troupe/protocol/health.hpp>
#include <troupe/protocol/message_counts.hpp>
#include <troupe/protocol/quarantine.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/tree.hpp>

#include <optional>
#include <vector>

namespace troupe {

class engine;

/// What a `runtime` tells of itself; a part of it. Thread safety: any thread.
class runtime_insight {
public:
  /// What became of all messages between actors: for metrics.
  [[nodiscard]] protocol::message_counts message_counts() const;

  /// At most the last 1,000 messages that found no room or nobody.
  [[nodiscard]] std::vector<protocol::dead_letter> dead_letters() const;

  /// What was recorded or replayed of calls of models: see `exchanges_config`.
  [[nodiscard]] protocol::exchange_counts exchanges() const;

  /// The supervisors and what they look after (docs/supervision.md): the
  /// runtime's own parts, tools, agents, runs. Errors: `runtime_ended`.
  /// Blocking: a few milliseconds; up to 10 s for one that does not answer.
  [[nodiscard]] protocol::result<protocol::tree_node> tree() const;

  /// How all parts are, and which agents are not well. Whether they are ready
  /// is a matter of the runtime's own parts; agents, tools and runs are told of
  /// as well, the first 1,000 of each. Errors: `runtime_ended`.
  /// Blocking: a few milliseconds; some seconds when one does not answer.
  [[nodiscard]] protocol::result<protocol::health_report> health() const;

  /// Why the runtime has ended by itself, or is about to: `runtime_ended`; none
  /// as long as it works. All calls are answered with it then.
  [[nodiscard]] std::optional<protocol::error> failure() const;

  /// What agents have crashed over so often that nobody is given it any more,
  /// without secrets, the oldest first; `limits.quarantine_max` at most.
  [[nodiscard]] std::vector<protocol::quarantined_message> quarantine() const;

  /// Lets a message be given to agents again. False: it was not held.
  bool release(protocol::id digest);

protected:
  runtime_insight() = default;
  engine* of_ = nullptr; ///< Lives as long as the runtime.
};

} // namespace troupe
