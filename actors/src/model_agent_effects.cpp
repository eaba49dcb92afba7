// The part of a model agent that keeps what its tools do.
#include "journal_patience.hpp"
#include "model_agent_impl.hpp"
#include "troupe/actors/repeat_rules.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using namespace protocol;

void model_agent::begin_effect_of(const tool_use& use, const tool_call& wish,
                                  const tool& which) {
  const auto& asked = use.task->asked;
  begin_effect what;
  what.run = asked.head.conversation;
  what.step = asked.body.task + '/' + config_.spec->card.name;
  what.tool = wish.name;
  what.arguments = wish.arguments;
  what.number =
      ++use.task->called[wish.name + '\n' + canonical_json(wish.arguments)];
  what.is_idempotent = which.is_idempotent;
  request_until<effect_begun>(
      this, table_, clock().now() + journal_patience, config_.journal,
      [this, use, wish, which](result<effect_begun> begun) {
        if (!is_open(*use.task))
          return;
        // A task that cannot know what it has done does no more.
        if (!begun)
          return finish(*use.task, begun.error());
        if (!begun->done)
          return call_tool(use, wish, which, begun->key);
        begun->done->call_id = use.call_id;
        tool_ended(use, std::move(*begun->done));
      },
      std::move(what));
}

void model_agent::end_effect_of(const tool_use& use, const std::string& key,
                                const tool_result& outcome) {
  request_until<effect_ended>(
      this, table_, clock().now() + journal_patience, config_.journal,
      [this, use, outcome](const result<effect_ended>& kept) {
        if (!is_open(*use.task))
          return;
        if (!kept)
          return finish(*use.task, kept.error());
        tool_ended(use, outcome);
      },
      end_effect{use.task->asked.head.conversation, key, outcome});
}

} // namespace troupe::actors
