#include "prompt_shortening.hpp"
#include "router_impl.hpp"
#include "shortage_rules.hpp"
#include "troupe/actors/log.hpp"

#include <troupe/protocol/task.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::actors {

using namespace protocol;

namespace {

constexpr std::chrono::seconds ledger_patience{10};

/// A reservation is settled at the latest so long after its call's deadline.
constexpr std::chrono::minutes lease_grace{1};

/// Shorter answers are of no use.
constexpr std::uint32_t least_output = 64;

constexpr std::uint32_t continuations_max = 4;

/// A call that waits for money asks again so often.
constexpr std::chrono::seconds money_pause{2};

/// More than any provider counts for a message beside its text.
constexpr std::uint64_t tokens_a_message = 64;

constexpr std::string_view go_on_text = "Your answer was cut by a limit of its "
                                        "length. Go on exactly where it ends, "
                                        "without repeating anything.";

std::string be_brief(std::uint32_t cap) {
  return "\n\nYour answer may have at most " + std::to_string(cap)
         + " tokens: be brief, and finish it.";
}

bool is_text_only(const std::vector<content_part>& content) {
  return !content.empty()
         && std::all_of(content.begin(), content.end(), [](const auto& part) {
              return std::holds_alternative<text_part>(part)
                     || std::holds_alternative<thinking_part>(part);
            });
}

bool asks_for_money(const routed_call& call, const error& why, instant now) {
  const auto& steps = call.asked.body.on_shortage;
  return why.code == errc::budget_exhausted && !call.is_cancelled
         && !call.is_second && now + money_pause < call.deadline
         && allows_step(steps, shortage_step::ask);
}

} // namespace

model_call router::body_for(const routed_call& call) const {
  auto body = call.asked.body;
  body.model = config_.models[call.tried.model].wire_name;
  body.output_tokens_max = call.size.output_max;
  if (call.may_shrink && call.size.output_max < call.cap_wanted)
    body.system += be_brief(call.size.output_max);
  if (call.so_far) {
    body.messages.push_back(
        {chat_role::assistant, {text_part{text_of(call.so_far->content)}}});
    body.messages.push_back(
        {chat_role::user, {text_part{std::string(go_on_text)}}});
  }
  return body;
}

void router::measure(routed_call& call) {
  const auto& model = config_.models[call.tried.model];
  call.cap_wanted = output_cap(model, call.need);
  if (call.so_far) {
    const auto told = static_cast<std::uint32_t>(std::min<std::uint64_t>(
        call.so_far->used.output, call.asked.body.output_tokens_max - 1));
    call.cap_wanted =
        std::min(call.cap_wanted, call.asked.body.output_tokens_max - told);
  }
  call.kind = kind_of(call.tried.model, call.asked.body);
  call.size.output_max = std::min(
      call.cap_wanted, lengths_.cap(call.kind).value_or(call.cap_wanted));
  call.size.prompt_max =
      bound_prompt_tokens(call.asked.body, counter_of(model));
  if (call.may_shrink)
    call.size.prompt_max += be_brief(UINT32_MAX).size();
  if (call.so_far)
    call.size.prompt_max += text_of(call.so_far->content).size()
                            + go_on_text.size() + 2 * tokens_a_message;
}

void router::reserve(const call_ptr& call) {
  const auto& model = config_.models[call->tried.model];
  measure(*call);
  const auto& size = call->size;
  protocol::request<reserve_budget> ask{
      child_of(call->asked.head, ids_.next(now())), {}};
  auto& what = ask.body;
  what.account = call->asked.body.account;
  what.amount = worst_case(model, size);
  what.tokens = size.prompt_max + size.output_max;
  what.tags = call->asked.body.tags;
  what.lease = std::max(duration{}, call->deadline - now()) + lease_grace;
  if (call->may_shrink) {
    const call_size least{size.prompt_max,
                          std::min(size.output_max, least_output)};
    what.amount_min = worst_case(model, least);
    what.tokens_min = least.prompt_max + least.output_max;
  }
  request_until<protocol::response<budget_reserved>>(
      this, table_, clock().now() + ledger_patience, config_.budget,
      [this, call](result<protocol::response<budget_reserved>> held) {
        if (held)
          return begin(call, held->body);
        if (!call->is_cancelled && !call->is_second
            && degrade(call, held.error()))
          return reserve(call);
        withdraw(call);
        if (has_more_of_chain(*call, held.error()))
          return try_next(call);
        if (asks_for_money(*call, held.error(), now()))
          return wait_for_money(call, held.error());
        finish(call, refused(*call, held.error()));
      },
      std::move(ask));
}

void router::begin(const call_ptr& call, const budget_reserved& held) {
  call->reservation = held.reservation;
  const auto& model = config_.models[call->tried.model];
  const auto cap = affordable_cap(model, call->size, held.amount, held.tokens);
  if (call->is_cancelled || call->is_lost || !cap) {
    settle(call, settlement::released, {});
    withdraw(call);
    return finish(call, call->is_cancelled
                            ? call->failure
                            : fail(errc::internal, "less was granted than is "
                                                   "of use"));
  }
  if (*cap < call->size.output_max)
    add_steps(call->degraded, {shortage_step::shorter});
  call->size.output_max = *cap;
  if (held.until != instant{})
    call->deadline = std::min(call->deadline, held.until);
  ask_provider(call);
}

bool router::degrade(const call_ptr& call, const error& why) {
  if (why.code != errc::budget_exhausted)
    return false;
  const money left{why.affordable.value_or(0)};
  const auto& steps = call->asked.body.on_shortage;
  while (call->steps_taken < steps.size()) {
    const auto step = steps[call->steps_taken++];
    if (!take_step(call, step, left))
      continue;
    if (step != shortage_step::shorter) // that may not be needed in the end
      add_steps(call->degraded, {step});
    return true;
  }
  return false;
}

bool router::take_step(const call_ptr& call, shortage_step step, money left) {
  switch (step) {
  case shortage_step::shorter:
    call->may_shrink = true;
    return true;
  case shortage_step::cheaper: {
    const auto lower =
        cheaper_models(config_.models, need_at(*call), call->size, left);
    return std::any_of(lower.begin(), lower.end(),
                       [&](auto it) { return change_model(call, it); });
  }
  case shortage_step::compact:
    return left > money{} && compact_prompt(*call, left);
  case shortage_step::wrap_up:
    call->need.uses_tools = false;
    return wrap_up(call->asked.body);
  case shortage_step::ask:
    break; // the last of all, wherever it stands
  }
  return false;
}

void router::wait_for_money(const call_ptr& call, const error& why) {
  const auto& steps = call->degraded;
  if (std::find(steps.begin(), steps.end(), shortage_step::ask) == steps.end())
    log(log_level::warn, "router", "budget-asked",
        "call=" + to_string(call->asked.head.message)
            + " account=" + call->asked.body.account + " why=" + why.detail);
  add_steps(call->degraded, {shortage_step::ask});
  call->failure = why;
  call->attempts -= 1; // none was made
  call->candidates.insert(call->candidates.begin(), call->tried);
  resting_.add(call);
  call->alarm = table_.add(config_.clock.steady_at(now() + money_pause),
                           [this, call] { go_on(call); });
  table_.arm(this);
}

bool router::compact_prompt(routed_call& call, money left) {
  const auto& model = config_.models[call.tried.model];
  const auto& counter = counter_of(model);
  const auto now_has = bound_prompt_tokens(call.asked.body, counter);
  // Where the money suffices tokens are short, and nobody says by how many.
  const auto suffices = worst_case(model, call.size) <= left
                            ? 0
                            : affordable_prompt(model, call.size, left);
  const auto excess = call.size.prompt_max - suffices;
  return compact(call.asked.body, now_has - std::min(now_has, excess), counter);
}

bool router::change_model(const call_ptr& call, std::size_t to) {
  const candidate next{to, 0, {}};
  const auto provider = admission_.provider_of(to);
  if (!health_.is_askable(next, now())
      || !admission_.may_enter(provider, *call, now()))
    return false;
  withdraw(call);
  const auto ticket = health_.admit(next, now());
  if (!ticket)
    return false;
  call->ticket = *ticket;
  call->tried = next;
  call->candidates.clear();
  admission_.enter(*call, now());
  return true;
}

model_need router::need_at(const routed_call& call) const {
  auto need = call.need;
  need.level = std::max(need.level, config_.models[call.tried.model].level);
  return need;
}

error router::refused(const routed_call& call, error why) const {
  if (why.code == errc::budget_exhausted && why.affordable.value_or(0) > 0)
    why.detail += alternatives(config_.models, call.tried.model, need_at(call),
                               call.size, {*why.affordable});
  return why;
}

bool router::is_to_go_on(const routed_call& call, const model_reply& reply) {
  const auto told =
      (call.so_far ? call.so_far->used.output : 0) + reply.used.output;
  return reply.stop == stop_reason::length && is_text_only(reply.content)
         && call.size.output_max < call.cap_wanted
         && told < call.asked.body.output_tokens_max
         && (!call.so_far || call.so_far->continuations < continuations_max)
         && now() < call.deadline;
}

} // namespace troupe::actors
