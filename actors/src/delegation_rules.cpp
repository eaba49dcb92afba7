#include "delegation_rules.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/json.hpp>
#include <troupe/protocol/nearest.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::string_view ask_tool = "ask_agent";
constexpr std::string_view hand_off_tool = "hand_off";
constexpr std::string_view anybody = "*";
constexpr protocol::json_limits argument_limits{256U << 10U, 4, 64};

bool may_ask_anybody(const protocol::agent_spec& agent) {
  return std::count(agent.asks.begin(), agent.asks.end(), anybody) != 0;
}

std::string schema_for(const protocol::agent_spec& agent) {
  boost::json::object name{{"type", "string"},
                           {"description", "name of the agent"}};
  if (!may_ask_anybody(agent)) {
    boost::json::array names;
    for (const auto& it : agent.asks)
      names.emplace_back(it);
    name["enum"] = std::move(names);
  }
  boost::json::object properties{
      {"agent", std::move(name)},
      {"prompt",
       {{"type", "string"}, {"description", "all that it needs to know"}}}};
  if (may_ask_anybody(agent))
    properties["skill"] = {
        {"type", "string"},
        {"description", "instead of agent: any agent with this skill"}};
  return boost::json::serialize(
      boost::json::object{{"type", "object"},
                          {"properties", std::move(properties)},
                          {"required", {"prompt"}}});
}

std::string text_of(const boost::json::object& fields, std::string_view name) {
  const auto* field = fields.if_contains(name);
  return field != nullptr && field->is_string()
             ? std::string(field->get_string())
             : std::string{};
}

/// `a -> b -> a`, for people.
std::string way(const std::vector<protocol::delegation>& chain,
                const std::string& last) {
  std::string text;
  for (const auto& it : chain)
    text += it.agent + " -> ";
  return text + last;
}

} // namespace

bool is_delegation(std::string_view tool) noexcept {
  return tool == ask_tool || tool == hand_off_tool;
}

std::vector<protocol::tool_spec>
delegation_tools(const protocol::agent_spec& agent) {
  if (agent.asks.empty())
    return {};
  const auto schema = schema_for(agent);
  return {{std::string(ask_tool),
           "Asks another agent and returns its answer. It knows nothing of "
           "this conversation.",
           schema},
          {std::string(hand_off_tool),
           "Hands this task over to another agent, whose answer becomes the "
           "answer of the task.",
           schema}};
}

protocol::result<delegation_wish> read_wish(const protocol::agent_spec& agent,
                                            const protocol::tool_call& call) {
  const auto json = protocol::parse_json(call.arguments, argument_limits);
  if (!json || !json->is_object())
    return fail(errc::invalid_request, "the arguments are not a JSON object");
  const auto& fields = json->get_object();
  delegation_wish wish{text_of(fields, "agent"), text_of(fields, "skill"),
                       text_of(fields, "prompt"), call.name == hand_off_tool};
  if (wish.prompt.empty())
    return fail(errc::invalid_request, "'prompt' is missing");
  if (wish.agent.empty() == wish.skill.empty())
    return fail(errc::invalid_request, "name an agent or a skill");
  if (wish.agent == agent.card.name)
    return fail(errc::invalid_request, "that is this agent itself");
  if (may_ask_anybody(agent))
    return wish;
  if (std::count(agent.asks.begin(), agent.asks.end(), wish.agent) == 0)
    return fail(errc::invalid_request,
                "this agent may not ask '" + wish.agent.substr(0, 64) + "'"
                    + protocol::did_you_mean(wish.agent, agent.asks));
  return wish;
}

protocol::id work_of(const protocol::perform_task& task) {
  protocol::fingerprint_builder builder;
  builder.add_value(task.prompt);
  builder.add_value(task.inputs);
  return builder.finish();
}

protocol::result<protocol::perform_task>
delegate(const protocol::perform_task& mine, const std::string& my_name,
         const std::string& name, const std::string& prompt, std::size_t asked,
         const delegation_limits& limits) {
  if (asked >= limits.asks_max)
    return fail(errc::limit_exceeded, "this task has asked other agents "
                                          + std::to_string(limits.asks_max)
                                          + " times already");
  protocol::perform_task theirs;
  theirs.task = mine.task;
  theirs.prompt = prompt;
  theirs.account = mine.account;
  theirs.output_tokens_max = mine.output_tokens_max;
  theirs.seed = mine.seed;
  theirs.chain = mine.chain;
  theirs.chain.push_back({my_name, work_of(mine)});
  if (theirs.chain.size() > limits.depth_max)
    return fail(errc::limit_exceeded,
                "agents may ask agents no further than "
                    + std::to_string(limits.depth_max)
                    + " deep: " + way(theirs.chain, name));
  const protocol::delegation next{name, work_of(theirs)};
  if (std::count(theirs.chain.begin(), theirs.chain.end(), next) != 0)
    return fail(errc::limit_exceeded, "the same was asked before, in a loop: "
                                          + way(theirs.chain, name));
  return theirs;
}

} // namespace troupe::actors
