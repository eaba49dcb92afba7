#include "troupe/actors/conversation.hpp"

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

std::string render_prompt(const perform_task& task) {
  std::size_t size = task.prompt.size() + task.feedback.size() + 128;
  for (const auto& input : task.inputs)
    size += input.name.size() + input.text.size() + 32;
  std::string text;
  text.reserve(size);
  text += task.prompt;
  for (const auto& input : task.inputs) {
    text += "\n\n<input name=\"" + input.name + "\">\n";
    text += input.text;
    text += "\n</input>";
  }
  if (!task.feedback.empty())
    text += "\n\nThe last answer was turned down: " + task.feedback
            + "\nAnswer again and put that right.";
  return text;
}

conversation::conversation(const agent_spec& agent,
                           const std::vector<tool_spec>& tools,
                           const perform_task& task)
    : turns_max_(agent.turns_max), tokens_max_(agent.tokens_max),
      repeats_(agent.repeats_max) {
  call_.model = task.model.empty() ? agent.model : task.model;
  call_.level = std::max(task.level, agent.card.level);
  call_.account = task.account;
  call_.system = agent.instructions;
  call_.messages.push_back({chat_role::user, {text_part{render_prompt(task)}}});
  call_.tools = tools;
  call_.output_tokens_max = task.output_tokens_max;
  call_.seed = task.seed;
  call_.tags = task.tags;
  call_.on_shortage = task.on_shortage;
  call_.terms = task.terms;
}

conversation::step conversation::add_reply(model_reply reply) {
  result_.used += reply.used;
  result_.cost += reply.cost;
  result_.cached_calls += reply.is_cached ? 1 : 0;
  result_.saved += reply.saved;
  result_.hedges += reply.hedges;
  result_.escalations += reply.escalations;
  result_.model = reply.model;
  result_.simulated = result_.simulated || reply.simulated;
  add_steps(result_.degraded, reply.degraded);
  ++result_.model_calls;
  if (reply.stop == stop_reason::refusal) {
    failure_ = fail(errc::content_refused, reply.model + " declined to answer");
    return step::fail;
  }
  pending_.clear();
  for (const auto& part : reply.content)
    if (const auto* wish = std::get_if<tool_call>(&part))
      pending_.push_back(*wish);
  if (pending_.empty()) {
    result_.output = text_of(reply.content);
    if (!result_.output.empty())
      return step::finish;
    failure_ = fail(errc::agent_failed, reply.model + " answered with no text");
    return step::fail;
  }
  verdicts_ = repeats_.judge(pending_);
  if (auto why = limit_reached()) {
    failure_ = std::move(*why);
    return step::fail;
  }
  call_.messages.push_back({chat_role::assistant, std::move(reply.content)});
  return step::run_tools;
}

std::optional<error> conversation::limit_reached() const {
  const auto over = [](std::string why) {
    return fail(errc::limit_exceeded, std::move(why));
  };
  if (result_.model_calls >= turns_max_)
    return over("the model asked for tools in each of "
                + std::to_string(turns_max_) + " turns");
  const auto tokens = result_.used.prompt() + result_.used.output;
  if (tokens_max_ != 0 && tokens >= tokens_max_)
    return over("the task has used " + std::to_string(tokens)
                + " tokens and is not done; it may use "
                + std::to_string(tokens_max_));
  if (repeats_.is_stuck())
    return over("the model repeats a call although it was told so");
  return std::nullopt;
}

tool_result repeated_call(std::string call_id) {
  return {std::move(call_id),
          "repeated: this call was made before with the same arguments; use "
          "what it gave, or do something else",
          true};
}

kept_call conversation::note(const model_reply& reply) {
  kept_call it;
  it.number = ++notes_;
  const auto& all = call_.messages;
  it.asked.assign(all.begin() + static_cast<std::ptrdiff_t>(noted_to_),
                  all.end());
  noted_to_ = all.size() + 1; // the reply comes next
  it.before = result_;
  it.reply = reply;
  return it;
}

std::optional<conversation::step>
conversation::go_on_behind(const std::vector<kept_call>& past) {
  auto was = *this;
  was.call_.messages.clear();
  std::optional<step> next;
  for (const auto& it : past) {
    if (it.asked.empty() || (next && *next != step::run_tools))
      return std::nullopt; // nothing follows an end
    if (next)
      for (std::size_t i = 0; i < was.pending_.size(); ++i)
        if (was.verdicts_[i] == repeat_rules::verdict::make)
          was.made_before_.push_back(was.pending_[i]);
    for (const auto& message : it.asked)
      was.call_.messages.push_back(message);
    was.noted_to_ = was.call_.messages.size() + 1;
    was.result_ = it.before;
    next = was.add_reply(it.reply);
  }
  was.notes_ = static_cast<std::uint32_t>(past.size());
  if (next)
    *this = std::move(was);
  return next;
}

void conversation::add_colleague(const task_result& theirs) {
  add_use(result_, theirs);
}

void conversation::add_tool_results(std::vector<tool_result> results) {
  result_.tool_calls += static_cast<std::uint32_t>(results.size());
  chat_message message{chat_role::user, {}};
  for (auto& it : results)
    message.content.emplace_back(std::move(it));
  call_.messages.push_back(std::move(message));
  pending_.clear();
}

} // namespace troupe::actors
