#include "thread_effects.hpp"

#include "clip.hpp"
#include "journal_patience.hpp"
#include "troupe/actors/ask_waiting.hpp"

#include <troupe/protocol/json.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::string_view no_journal = "the journal is gone";

constexpr std::size_t told_bytes_max = 2'048; // of why a tool failed

result<std::string> answer_of(tool_result it) {
  if (it.is_error)
    return fail(errc::tool_failed,
                std::string(clip(it.content, told_bytes_max)));
  return std::move(it.content);
}

} // namespace

result<effect_begun> thread_effects::begin(const effect_wish& what) {
  auto next = made_.next(what);
  if (!next)
    return next.error();
  if (item_.stop.stop_requested())
    return fail(errc::cancelled, "");
  if (!is_kept())
    return effect_begun{};
  const auto& asked = item_.message;
  next->run = asked.head.conversation;
  next->step = asked.body.task + '/' + on_.agent;
  return ask_waiting<effect_begun>(system_, on_.journal, journal_patience,
                                   no_journal, std::move(*next));
}

result<void> thread_effects::end(const std::string& key,
                                 const tool_result& what) {
  const auto ended = ask_waiting<effect_ended>(
      system_, on_.journal, journal_patience, no_journal,
      end_effect{item_.message.head.conversation, key, what});
  if (!ended)
    return ended.error();
  return {};
}

result<std::string> thread_effects::effect(const effect_wish& what,
                                           const effect_code& code) {
  if (!code)
    return fail(errc::invalid_request, "an effect needs code");
  auto begun = begin(what);
  if (!begun)
    return begun.error();
  if (begun->done)
    return outcome_from(std::move(*begun->done));
  // Once it is kept that it begins, it does: the code looks whether it is to
  // stop. What it throws leaves an effect behind of which nobody knows.
  auto outcome = bounded_outcome(code(begun->key));
  if (begun->key.empty())
    return outcome;
  if (const auto kept = outcome_to_keep(outcome, what.is_idempotent))
    if (const auto ended = end(begun->key, *kept); !ended)
      return ended.error();
  return outcome;
}

caf::timespan thread_effects::tool_patience() const {
  using namespace std::chrono_literals;
  constexpr caf::timespan longest = 61min;
  const auto deadline = item_.message.head.deadline;
  if (deadline == instant{})
    return longest;
  // Tools keep the deadline themselves.
  const auto left = on_.clock.steady_at(deadline) - system_.clock().now() + 1s;
  return std::clamp<caf::timespan>(left, 1s, longest);
}

result<tool_result> thread_effects::call(const tool& which,
                                         const std::string& arguments,
                                         const std::string& key) {
  return ask_waiting<tool_result>(
      system_, which.handle, tool_patience(), "the tool is gone",
      tool_work{{"call", which.spec.name, arguments},
                item_.message.head.deadline,
                item_.stop,
                key});
}

result<std::string> thread_effects::use_tool(const std::string& name,
                                             const std::string& arguments) {
  const auto which = on_.find_tool ? on_.find_tool(name) : std::nullopt;
  if (!which)
    return fail(errc::invalid_request, "no tool '" + name + "'");
  const auto read = parse_json(arguments.empty() ? "{}" : arguments);
  if (!read || !read->is_object())
    return fail(errc::invalid_request,
                "tool '" + name + "' takes a JSON object");
  auto begun = begin({name, arguments, which->is_idempotent});
  if (!begun)
    return begun.error();
  if (begun->done)
    return answer_of(std::move(*begun->done));
  auto outcome = call(*which, arguments.empty() ? "{}" : arguments, begun->key);
  if (!outcome) // nobody knows what it has done
    return outcome.error();
  if (!begun->key.empty())
    if (const auto ended = end(begun->key, *outcome); !ended)
      return ended.error();
  return answer_of(std::move(*outcome));
}

} // namespace troupe::actors
