#include "models.hpp"

#include "workload.hpp"

#include <troupe/protocol/catalogue.hpp>
#include <troupe/protocol/fingerprint.hpp>

#include <algorithm>

namespace troupe::testing::sim {

using protocol::errc;
using protocol::fail;

namespace {

std::uint64_t print_of(const protocol::model_call& call) {
  protocol::fingerprint_builder mix;
  mix.add(call.account);
  mix.add(prompt_of(call));
  const auto whole = mix.finish();
  return whole.high ^ whole.low;
}

bool has_tool_result(const protocol::model_call& call) {
  for (const auto& part : call.messages.back().content)
    if (std::holds_alternative<protocol::tool_result>(part))
      return true;
  return false;
}

/// What it says where nothing is wrong.
protocol::model_reply good_reply(const protocol::model_call& call,
                                 dice& random) {
  protocol::model_reply reply;
  if (!call.tools.empty() && !has_tool_result(call) && random.below(3) == 0) {
    const auto& tool = call.tools[random.below(call.tools.size())];
    reply.stop = protocol::stop_reason::tool_use;
    reply.content = {protocol::tool_call{
        "c" + std::to_string(random.below(1'000'000)), tool.name,
        R"({"n":)" + std::to_string(random.below(100)) + '}'}};
  } else {
    const auto* mark = random.below(5) == 0 ? "poor" : "good";
    reply.content = {protocol::text_part{
        mark + std::string{" answer "} + std::to_string(random.below(1'000'000))
        + R"( {"score": 900})"}};
  }
  reply.used.input = prompt_of(call).size() / 5 + 1;
  reply.used.output =
      1 + random.below(std::max<std::size_t>(call.output_tokens_max, 1));
  return reply;
}

const protocol::model_spec* model_of(const catalogue& prices,
                                     const std::string& name) {
  const auto* found = prices.find(name);
  return found != nullptr ? found : prices.find("simulated/" + name);
}

} // namespace

protocol::id run_of(const std::string& account) {
  const auto mission = part_of_account(account, 2);
  if (mission.size() < 36)
    return {};
  const auto read =
      protocol::parse_id(std::string_view{mission}.substr(mission.size() - 36));
  return read ? *read : protocol::id{};
}

void models::make_bad(std::uint64_t how, protocol::instant until) {
  bad_ = how;
  bad_until_ = until;
}

models::trouble models::trouble_of(dice& random, protocol::instant now) const {
  if (now >= bad_until_)
    return trouble::none;
  dice how{bad_};
  const auto permille = static_cast<std::uint32_t>(200 + how.below(700));
  const auto ways = static_cast<std::size_t>(trouble::none);
  const auto only = how.below(2 * ways);
  const auto any = random.below(ways);
  if (!random.happens(permille))
    return trouble::none;
  return static_cast<trouble>(only < ways ? only : any);
}

void models::act_badly(trouble how, dice& random, model_act& act) {
  const auto fail_as = [&](errc code) {
    act.outcome = fail(code, "in a simulation");
  };
  switch (how) {
  case trouble::throttled: {
    count("model_429");
    auto why = fail(errc::provider_throttled, "in a simulation");
    if (random.coin())
      why.retry_after = std::chrono::milliseconds{random.below(8'000)};
    act.outcome = std::move(why);
    return;
  }
  case trouble::unavailable:
    count("model_5xx");
    return fail_as(errc::provider_unavailable);
  case trouble::hang:
    count("model_hang");
    act.hangs = true;
    return;
  case trouble::cut:
    count("model_cut");
    act.pieces = {"half of"};
    return fail_as(errc::stream_truncated);
  case trouble::zero_usage:
    count("model_zero_usage");
    act.outcome->used = {};
    act.is_counted = false;
    return;
  case trouble::over_report:
    count("model_over_report");
    act.outcome->used.output = 200'000 + random.below(1'000'000);
    return;
  case trouble::malformed:
    count("model_malformed");
    return fail_as(errc::provider_malformed);
  case trouble::slow:
    count("model_slow");
    act.after = std::chrono::milliseconds{5'000 + random.below(60'000)};
    return;
  case trouble::none:
    return;
  }
}

model_act models::answer(const protocol::request<protocol::model_call>& asked,
                         protocol::instant now, const catalogue& prices) {
  const auto& call = asked.body;
  const auto print = print_of(call);
  dice random{mixed(mixed(seed_, print), seen_[print]++)};
  model_act act;
  act.outcome = good_reply(call, random);
  act.after = std::chrono::milliseconds{20 + random.below(2'000)};
  if (part_of_account(call.account, 0) == "porter")
    act.after = load_time;
  const auto used = act.outcome->used;
  const auto how = trouble_of(random, now);
  act_badly(how, random, act);

  const auto run = run_of(call.account);
  const auto task = part_of_account(call.account, 1);
  tell_({fact_kind::model_asked, 0, {}, run, task, call.model});
  // A provider that refuses, or is not there, takes nothing. What it does with
  // a call that hangs or is cancelled it may bill; not if it says zero.
  if (how == trouble::throttled || how == trouble::unavailable
      || how == trouble::zero_usage)
    return act;
  if (const auto* model = model_of(prices, call.model)) {
    const auto& billed = how == trouble::over_report ? act.outcome->used : used;
    fact it{fact_kind::model_billed, 0, {}, run, call.account, call.model};
    it.number = protocol::cost_of(*model, billed).nano_usd;
    it.other = how == trouble::over_report ? 1 : 0;
    tell_(std::move(it));
  }
  return act;
}

} // namespace troupe::testing::sim
