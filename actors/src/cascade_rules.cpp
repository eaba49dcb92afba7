#include "cascade_rules.hpp"

#include "judge_prompt.hpp"
#include "shortage_rules.hpp"
#include "troupe/actors/router_rules.hpp"

#include <troupe/protocol/json.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::model_call;
using protocol::model_reply;
using protocol::shortage_step;
using protocol::stop_reason;
using protocol::tier;

namespace {

/// What a tool's arguments may be, to be looked at.
constexpr protocol::json_limits argument_limits{1U << 20U, 32, 100'000};

constexpr std::size_t place_of(tier level) noexcept {
  return static_cast<std::size_t>(level);
}

bool is_blank(const std::string& text) noexcept {
  return text.find_first_not_of(" \t\r\n") == std::string::npos;
}

bool is_sound(const protocol::tool_call& wish, const model_call& call) {
  if (std::none_of(call.tools.begin(), call.tools.end(),
                   [&](const auto& it) { return it.name == wish.name; }))
    return false;
  if (wish.arguments.empty())
    return true; // stands for none
  const auto json = protocol::parse_json(wish.arguments, argument_limits);
  return json && json->is_object();
}

/// Whether there is something in it, and all tool calls can be made.
bool is_of_use(const model_call& call, const model_reply& reply) {
  if (reply.stop == stop_reason::refusal)
    return false;
  bool has_wishes = false;
  for (const auto& part : reply.content)
    if (const auto* wish = std::get_if<protocol::tool_call>(&part)) {
      if (!is_sound(*wish, call))
        return false;
      has_wishes = true;
    }
  if (reply.stop == stop_reason::tool_use)
    return has_wishes;
  return has_wishes || !is_blank(text_of(reply.content));
}

/// Whether a dearer model may do better where this one has failed.
bool may_climb(errc code, bool has_time) noexcept {
  return has_time
         && (may_fall_back(code) || code == errc::content_refused
             || code == errc::deadline_exceeded);
}

} // namespace

tier_table::tier_table(const std::vector<protocol::model_spec>& models) {
  for (const auto& it : models) {
    levels_.emplace(it.id, it.level);
    if (!it.pinned_only)
      has_.at(place_of(it.level)) = true;
  }
}

std::optional<tier> tier_table::lowest(tier least) const noexcept {
  for (auto at = place_of(least); at < has_.size(); ++at)
    if (has_[at])
      return static_cast<tier>(at);
  return std::nullopt;
}

std::optional<tier> tier_table::of(const std::string& model) const {
  const auto found = levels_.find(model);
  if (found == levels_.end())
    return std::nullopt;
  return found->second;
}

std::optional<tier> first_tier(const model_call& call,
                               const tier_table& tiers) {
  if (!call.terms.cascade || !call.model.empty())
    return std::nullopt;
  const auto first = tiers.lowest(call.terms.cascade->from);
  return first && *first < call.level ? first : std::nullopt;
}

bool has_good_form(const model_call& call, const model_reply& reply) {
  return reply.stop != stop_reason::length && is_of_use(call, reply);
}

protocol::instant time_of_tier(protocol::instant now,
                               protocol::instant deadline,
                               bool is_last) noexcept {
  return is_last || deadline <= now ? deadline : now + (deadline - now) / 2;
}

cascade_course::cascade_course(const tier_table& tiers, model_call asked,
                               tier first)
    : tiers_(&tiers), asked_(std::move(asked)), level_(first), reached_(first) {
  sum_.attempts = 0;
}

model_call cascade_course::question() const {
  auto call = asked_;
  call.level = level_;
  call.terms.cascade.reset();
  call.stream = asked_.stream && is_last();
  // A cheaper answer is there already: no other need be paid.
  if (spare_)
    std::erase(call.on_shortage, shortage_step::cheaper);
  return call;
}

model_call cascade_course::judging() const {
  return judge_call(asked_, *answer_, asked_.terms.cascade->from);
}

cascade_step cascade_course::answered(model_reply reply) {
  count(reply);
  reached_ = std::max(level_, tiers_->of(reply.model).value_or(level_));
  answer_ = std::move(reply);
  if (reached_ >= asked_.level)
    return cascade_step::give;
  if (!has_good_form(asked_, *answer_))
    return climb();
  return asked_.terms.cascade->check == protocol::answer_check::judged
             ? cascade_step::judge
             : cascade_step::give;
}

cascade_step cascade_course::failed(const protocol::error& why, bool has_time) {
  failure_ = why;
  if (why.code == errc::budget_exhausted && spare_ && allows_cheaper()) {
    answer_ = std::move(spare_);
    answer_->degraded.push_back(shortage_step::cheaper);
    return cascade_step::give;
  }
  return is_last() || !may_climb(why.code, has_time) ? cascade_step::fail
                                                     : climb();
}

cascade_step cascade_course::judged(const model_reply& reply) {
  count(reply);
  return rated(rating_in(reply));
}

cascade_step cascade_course::rated(std::optional<std::uint32_t> permille) {
  return permille && *permille >= asked_.terms.cascade->pass_permille
             ? cascade_step::give
             : climb();
}

cascade_step cascade_course::climb() {
  if (answer_ && is_of_use(asked_, *answer_))
    spare_ = std::move(answer_);
  answer_.reset();
  ++sum_.escalations;
  const auto above = static_cast<tier>(place_of(reached_) + 1);
  level_ = std::min(asked_.level, tiers_->lowest(above).value_or(asked_.level));
  reached_ = level_;
  return cascade_step::ask;
}

void cascade_course::count(const model_reply& reply) {
  sum_.used += reply.used;
  sum_.cost += reply.cost;
  sum_.attempts += reply.attempts;
  sum_.continuations += reply.continuations;
  sum_.saved += reply.saved;
  sum_.hedges += reply.hedges;
  sum_.escalations += reply.escalations;
  sum_.simulated = sum_.simulated || reply.simulated;
  is_all_cached_ = is_all_cached_ && reply.is_cached;
}

bool cascade_course::allows_cheaper() const {
  return allows_step(asked_.on_shortage, shortage_step::cheaper);
}

model_reply cascade_course::take_reply() {
  auto reply = std::move(*answer_);
  reply.used = sum_.used;
  reply.cost = sum_.cost;
  reply.attempts = sum_.attempts;
  reply.continuations = sum_.continuations;
  reply.saved = sum_.saved;
  reply.hedges = sum_.hedges;
  reply.escalations = sum_.escalations;
  reply.simulated = sum_.simulated;
  reply.is_cached = is_all_cached_;
  return reply;
}

} // namespace troupe::actors
