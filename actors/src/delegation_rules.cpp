#include "delegation_rules.hpp"

#include "clip.hpp"

#include <troupe/protocol/fingerprint.hpp>
#include <troupe/protocol/json.hpp>
#include <troupe/protocol/nearest.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value_from.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::string_view ask_tool = "ask_agent";
constexpr std::string_view hand_off_tool = "hand_off";
constexpr std::string_view search_tool = "find_agents";
constexpr std::uint32_t found_max = 5;
constexpr std::size_t search_text_max = 1'024;
constexpr std::size_t shown_description_max = 320;
constexpr std::string_view anybody = "*";
constexpr protocol::json_limits argument_limits{256U << 10U, 4, 64};

} // namespace

bool may_ask_anybody(const protocol::agent_spec& agent) {
  return std::count(agent.asks.begin(), agent.asks.end(), anybody) != 0;
}

namespace {

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

protocol::result<boost::json::object>
arguments_of(const protocol::tool_call& call) {
  auto json = protocol::parse_json(call.arguments, argument_limits);
  if (!json || !json->is_object())
    return fail(errc::invalid_request, "the arguments are not a JSON object");
  return std::move(json->get_object());
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

protocol::result<void> check_question(const protocol::question& what,
                                      const std::string& asker) {
  if (what.prompt.empty())
    return fail(errc::invalid_request, "'prompt' is missing");
  if (what.agent.empty() == what.skill.empty())
    return fail(errc::invalid_request, "name an agent or a skill");
  if (what.agent == asker)
    return fail(errc::invalid_request, "that is this agent itself");
  return {};
}

std::optional<std::uint32_t> question_allowance::take() {
  if (left_ == 0)
    return {};
  const auto grant = (left_ - 1) / 2;
  left_ -= 1 + grant;
  ++used_;
  return grant;
}

void question_allowance::settle(std::uint32_t granted, std::uint32_t used) {
  const auto counted = std::min(granted, used);
  left_ += granted - counted;
  used_ += counted;
}

question_allowance allowance_of(const protocol::perform_task& task,
                                const delegation_limits& limits) {
  return question_allowance{
      task.chain.empty() ? limits.questions_max
                         : std::min(task.questions_max, limits.questions_max)};
}

bool is_delegation(std::string_view tool) noexcept {
  return tool == ask_tool || tool == hand_off_tool;
}

bool is_search(std::string_view tool) noexcept {
  return tool == search_tool;
}

std::vector<protocol::tool_spec>
delegation_tools(const protocol::agent_spec& agent) {
  if (agent.asks.empty())
    return {};
  const auto schema = schema_for(agent);
  std::vector<protocol::tool_spec> tools{
      {std::string(ask_tool),
       "Asks another agent and returns its answer. It knows nothing of "
       "this conversation.",
       schema},
      {std::string(hand_off_tool),
       "Hands this task over to another agent, whose answer becomes the "
       "answer of the task.",
       schema}};
  if (may_ask_anybody(agent))
    tools.push_back(
        {std::string(search_tool),
         "Finds agents that can do something: the best first, at most "
             + std::to_string(found_max) + ".",
         R"({"type":"object","properties":{"text":{"type":"string",)"
         R"("description":"what the agent shall do"},"skill":{"type":"string",)"
         R"("description":"only agents with this skill"}}})"});
  return tools;
}

protocol::result<delegation_wish> read_wish(const protocol::agent_spec& agent,
                                            const protocol::tool_call& call) {
  const auto fields = arguments_of(call);
  if (!fields)
    return fields.error();
  delegation_wish wish{{text_of(*fields, "agent"), text_of(*fields, "skill"),
                        text_of(*fields, "prompt")},
                       call.name == hand_off_tool};
  if (auto good = check_question(wish.ask, agent.card.name); !good)
    return good.error();
  if (may_ask_anybody(agent))
    return wish;
  const auto& name = wish.ask.agent;
  if (std::count(agent.asks.begin(), agent.asks.end(), name) == 0)
    return fail(errc::invalid_request,
                "this agent may not ask '" + name.substr(0, 64) + "'"
                    + protocol::did_you_mean(name, agent.asks));
  return wish;
}

protocol::result<protocol::discover_agents>
read_search(const protocol::tool_call& call) {
  const auto fields = arguments_of(call);
  if (!fields)
    return fields.error();
  protocol::discover_agents query;
  query.text = text_of(*fields, "text");
  query.skill = text_of(*fields, "skill");
  if (query.text.empty() && query.skill.empty())
    return fail(errc::invalid_request, "say in 'text' what the agent shall do");
  if (query.text.size() > search_text_max)
    return fail(errc::invalid_request, "'text' is longer than "
                                           + std::to_string(search_text_max)
                                           + " bytes");
  query.count_max = found_max + 1; // the one who asks may be among them
  return query;
}

std::string show_found(const protocol::agents_found& found,
                       const std::string& asker) {
  boost::json::array list;
  for (const auto& it : found.agents) {
    if (it.name == asker || list.size() == found_max)
      continue;
    list.push_back(boost::json::object{
        {"agent", it.name},
        {"description", clip(it.description, shown_description_max)},
        {"skills", boost::json::value_from(it.skills)}});
  }
  return boost::json::serialize(list);
}

protocol::id work_of(const protocol::perform_task& task) {
  protocol::fingerprint_builder builder;
  builder.add_value(task.prompt);
  builder.add_value(task.inputs);
  return builder.finish();
}

protocol::id question_threads::next(protocol::id mine,
                                    const protocol::question& what) {
  protocol::fingerprint_builder builder;
  builder.add_value(mine);
  for (const auto* text : {&what.agent, &what.skill, &what.prompt})
    builder.add_value(*text);
  builder.add_value(what.inputs);
  const auto number = ++asked_[builder.finish()];
  builder.add_value(number);
  return builder.finish();
}

protocol::result<protocol::perform_task>
delegate(const protocol::perform_task& mine, const std::string& my_name,
         const std::string& name, const protocol::question& what,
         question_allowance& allowance, const delegation_limits& limits) {
  protocol::perform_task theirs;
  theirs.task = mine.task;
  theirs.attempt = mine.attempt;
  theirs.prompt = what.prompt;
  theirs.inputs = what.inputs;
  theirs.account = mine.account;
  theirs.output_tokens_max = mine.output_tokens_max;
  theirs.seed = mine.seed;
  theirs.tags = mine.tags;
  theirs.on_shortage = mine.on_shortage;
  theirs.terms = mine.terms;
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
  const auto grant = allowance.take();
  if (!grant)
    return fail(errc::limit_exceeded,
                "no more questions may be put to other agents about this task");
  theirs.questions_max = *grant;
  return theirs;
}

} // namespace troupe::actors
