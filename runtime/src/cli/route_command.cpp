#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report/text_table.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/choice_explanation.hpp>
#include <troupe/protocol/json.hpp>
#include <troupe/runtime/runtime.hpp>

#include <boost/json/serialize.hpp>

#include <map>

namespace troupe::cli {

using protocol::enum_name;
using report::text_table;

namespace {

constexpr std::size_t shown_max = 10;

/// What is told of a prompt.
struct route_answer {
  actors::task_complexity task;
  actors::model_need need;
  actors::choice_explanation choice;
  fallback_config fallbacks; ///< Of the first model.
};

/// The router's: a model's own list comes before its tier's.
fallback_config fallbacks_of(const actors::weighed_model& model,
                             const routing_config& routing) {
  fallback_config out;
  for (const auto& of : {std::string(enum_name(model.level)), model.model}) {
    const auto found = routing.fallbacks.find(of);
    if (found == routing.fallbacks.end())
      continue;
    for (const auto list :
         {&fallback_config::general, &fallback_config::context_window,
          &fallback_config::content_policy})
      if (!(found->second.*list).empty())
        out.*list = found->second.*list;
  }
  return out;
}

route_answer answer_for(const route_arguments& given,
                        const std::vector<protocol::model_spec>& models,
                        const routing_config& routing) {
  std::string prompt;
  for (const auto& word : given.text)
    prompt += (prompt.empty() ? "" : " ") + word;
  route_answer out;
  out.task = actors::analyse_complexity(prompt);
  protocol::model_call call;
  call.messages.push_back(
      {protocol::chat_role::user, {protocol::text_part{prompt}}});
  call.model = given.model;
  call.output_tokens_max = given.output_tokens;
  call.terms = given.terms;
  out.need = actors::need_of(call, protocol::token_estimator{});
  out.need.uses_tools = given.tools;
  out.need.level = actors::tier_for(out.task);
  if (!given.tier.empty())
    (void)protocol::enum_from_name(given.tier, out.need.level);
  out.choice =
      actors::explain_choice(models, out.need, routing.latency_weight_permille);
  if (!out.choice.fitting.empty())
    out.fallbacks = fallbacks_of(out.choice.fitting.front(), routing);
  return out;
}

boost::json::object as_json(const route_answer& of) {
  boost::json::object out{
      {"task", enum_name(of.task.type)},
      {"complexity_permille", of.task.permille},
      {"tier", enum_name(of.need.level)},
      {"prompt_tokens", of.need.prompt_tokens},
      {"output_tokens", of.need.output_tokens},
      {"fitting", protocol::to_json(of.choice.fitting)},
      {"unfit", protocol::to_json(of.choice.unfit)},
      {"near_in_price", of.choice.near_in_price},
      {"fallbacks", protocol::to_json(of.fallbacks)},
  };
  if (!of.choice.failure.empty())
    out["failure"] = of.choice.failure;
  return out;
}

std::string head_text(const route_answer& of, bool is_tier_given) {
  return "task: " + std::string(enum_name(of.task.type)) + ", complexity "
         + std::to_string(of.task.permille)
         + " of 1000\ntier: " + std::string(enum_name(of.need.level))
         + (is_tier_given ? " (given)" : " (from the text)")
         + "\ntokens: about " + std::to_string(of.need.prompt_tokens)
         + " of prompt, at most " + std::to_string(of.need.output_tokens)
         + " of answer\n";
}

std::string fitting_table(const actors::choice_explanation& of,
                          const report::page& on) {
  text_table table{{{"MODEL", false, true},
                    {"TIER"},
                    {"SPEED"},
                    {"PROMPT", true},
                    {"ANSWER", true},
                    {"COST", true}}};
  for (std::size_t i = 0; i < std::min(shown_max, of.fitting.size()); ++i) {
    const auto& it = of.fitting[i];
    table.add_row({{it.model},
                   {std::string(enum_name(it.level))},
                   {std::string(enum_name(it.pace))},
                   {for_people(it.prompt_cost)},
                   {for_people(it.answer_cost)},
                   {for_people(it.cost)}});
  }
  auto text = table.text(on);
  if (of.fitting.size() > shown_max)
    text += "and " + std::to_string(of.fitting.size() - shown_max)
            + " that cost more; see --json\n";
  return text;
}

/// How many each constraint keeps out.
std::string unfit_text(const actors::choice_explanation& of) {
  std::map<actors::left_out, std::size_t> counts;
  for (const auto& it : of.unfit)
    counts[it.reason] += 1;
  std::string text;
  for (const auto& [reason, count] : counts)
    text += (text.empty() ? "left out: " : ", ") + std::to_string(count) + " "
            + std::string(enum_name(reason));
  return text.empty() ? text : text + "\n";
}

/// What may come before the price, and what comes after the first model.
std::string further_text(const route_answer& of) {
  std::string text;
  if (of.choice.near_in_price > 1)
    text = "the first " + std::to_string(of.choice.near_in_price)
           + " are near in price: the one that answers fastest goes first\n";
  const auto add = [&](const char* what, const std::vector<std::string>& to) {
    for (std::size_t i = 0; i < to.size(); ++i)
      text += (i == 0 ? what : ", ") + to[i] + (i + 1 == to.size() ? "\n" : "");
  };
  add("when it fails: ", of.fallbacks.general);
  add("when the prompt is too long for it: ", of.fallbacks.context_window);
  add("when it declines: ", of.fallbacks.content_policy);
  return text;
}

} // namespace

int explain_route(const route_arguments& given, console& on) {
  const auto with = load_setup(given.common, on);
  if (!with)
    return exit_bad_input;
  const auto host = runtime::create(with->config); // knows who can be called
  if (!host)
    return refuse(host.error(), on);
  const auto answer =
      answer_for(given, host->callable_models(), with->config.routing);
  if (given.common.json) {
    on.out.line(boost::json::serialize(as_json(answer)));
  } else {
    on.out.write(head_text(answer, !given.tier.empty()));
    if (!answer.choice.fitting.empty())
      on.out.write(
          fitting_table(answer.choice, page_for(on.out, given.common.no_color))
          + further_text(answer));
    on.out.write(unfit_text(answer.choice));
  }
  if (answer.choice.failure.empty())
    return exit_done;
  tell(on,
       protocol::fail(protocol::errc::no_model_fits, answer.choice.failure));
  return exit_code_for(protocol::errc::no_model_fits);
}

} // namespace troupe::cli
