#pragma once

#include "step.hpp"

#include <troupe/protocol/event.hpp>
#include <troupe/protocol/id.hpp>

#include <map>
#include <string>
#include <vector>

namespace troupe::testing::sim {

/// What somebody outside the runtime can see.
enum class fact_kind : std::uint8_t {
  life_began,  ///< A process; `number`: 1 behind a power cut.
  life_ended,  ///< `number`: 1 for a crash, 2 for a power cut.
  run_asked,   ///< A mission was started; `number`: its budget.
  run_refused, ///< `text`: why; `number`: when to come again, in ms.
  load,        ///< `name`: of which kind; `number`: calls that can be made.
  run_resumed,
  run_not_resumed, ///< `text`: why.
  run_told,        ///< An event; `name`: the task, `text`: its kind.
  run_ended,       ///< A report; `text`: the state, `number`: cost.
  task_reported,   ///< Of that report; `name`: the task, `text`: its state.
  model_asked,     ///< `name`: the task.
  model_billed,    ///< `name`: the account; `number`: nano-dollars.
  effect_done,     ///< `name`: its key, `number`: 1 when it is idempotent.
  state_written, ///< `name`: the key, `number`: version; `other`: expected + 1.
  state_refused, ///< `text`: why.
  state_read,    ///< `number`: version, 0: none.
  state_removed,
  state_unknown, ///< Nobody knows whether it was written.
  state_lost,    ///< The store has died, with all that was in it.
  stream_told,   ///< A follower of the state: `text`: why it ended.
  published,     ///< `number`: the offset.
  feed_told,     ///< A follower of a topic; `number`: offset.
  feed_gap,      ///< `number` to `other` are gone for it.
  fault,         ///< `name`: which.
  client_did,    ///< Another operation; `name`: which, `text`: what came of it.
  tree_ended,    ///< By itself.
  account_told,  ///< At the end; `name`: path, `number`: spent, `text`: rest.
  broken,        ///< What is never right, seen on the spot; `text`.
};
BOOST_DESCRIBE_ENUM(fact_kind, life_began, life_ended, run_asked, run_refused,
                    load, run_resumed, run_not_resumed, run_told, run_ended,
                    task_reported, model_asked, model_billed, effect_done,
                    state_written, state_refused, state_read, state_removed,
                    state_unknown, state_lost, stream_told, published,
                    feed_told, feed_gap, fault, client_did, tree_ended,
                    account_told, broken)

struct fact {
  fact_kind what = fact_kind::client_did;
  std::uint32_t life = 0;
  protocol::instant at{};
  protocol::id run{};
  std::string name{};
  std::string text{};
  std::int64_t number = 0;
  std::int64_t other = 0;
  std::uint32_t step = 0; ///< During which it was.
};

/// All that was seen, in order.
struct history {
  std::vector<fact> facts;
  std::uint64_t operations = 0; ///< As docs/testing.md counts them.
  std::map<std::string, std::uint64_t> operations_by_kind;
  std::map<std::string, std::uint64_t> faults;

  [[nodiscard]] std::uint64_t fault_count() const noexcept {
    std::uint64_t sum = 0;
    for (const auto& [kind, count] : faults)
      sum += count;
    return sum;
  }
};

[[nodiscard]] std::string to_text(const fact& it);

/// Equal for equal histories.
[[nodiscard]] std::uint64_t digest_of(const history& all);

} // namespace troupe::testing::sim
