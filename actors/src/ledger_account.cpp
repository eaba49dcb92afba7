#include "ledger_account.hpp"

#include "budget_windows.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::account_state;
using protocol::budget_window;
using protocol::instant;
using protocol::money;
using protocol::settlement;

namespace {

constexpr std::chrono::seconds finest_step{1};
constexpr std::int64_t steps_in_window = 60;
constexpr std::uint64_t counted_tokens_max = 1'000'000'000'000'000;

std::uint64_t saturated(std::uint64_t a, std::uint64_t b) noexcept {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/// A count after a change that never takes it below 0.
std::uint64_t changed(std::uint64_t count, std::int64_t by) noexcept {
  if (by >= 0)
    return saturated(count, static_cast<std::uint64_t>(by));
  return count - std::min(count, static_cast<std::uint64_t>(-by));
}

/// What is left of a count; its maximum without a limit.
std::uint64_t left_of(std::uint64_t max, std::uint64_t used) noexcept {
  if (max == 0)
    return UINT64_MAX;
  return used >= max ? 0 : max - used;
}

std::uint64_t calls_left(const account_state& it) noexcept {
  return left_of(it.calls_max, saturated(it.calls_made, it.open_reservations));
}

std::string when_more(const account_state& it, instant now) {
  if (it.window == budget_window::life)
    return {};
  if (it.is_rolling)
    return " in the last " + std::string(enum_name(it.window));
  return " until " + protocol::to_text(end_of(it.window, now));
}

spent_sums sums_of(const call_bill& bill) noexcept {
  spent_sums it;
  it.spent = bill.amount;
  if (bill.outcome == settlement::unknown)
    it.unknown = bill.amount;
  it.tokens =
      static_cast<std::int64_t>(std::min(bill.tokens, counted_tokens_max));
  it.calls = bill.outcome == settlement::released ? 0 : 1;
  return it;
}

spent_sums difference(const spent_sums& to, const spent_sums& from) noexcept {
  return {to.spent - from.spent, to.unknown - from.unknown,
          to.tokens - from.tokens, to.calls - from.calls};
}

} // namespace

call_bill bill_of(const protocol::settle_budget& what,
                  const held_amounts& held) noexcept {
  switch (what.outcome) {
  case settlement::unknown:
    return {held.amount, held.tokens, settlement::unknown};
  case settlement::released:
    return {money{}, 0, settlement::released};
  default:
    return {what.actual, what.tokens, settlement::billed};
  }
}

ledger_account::ledger_account(const ledger_account& other)
    : state_(other.state_), was_opened_(other.was_opened_),
      history_(other.history_
                   ? std::make_unique<spending_history>(*other.history_)
                   : nullptr) {}

void ledger_account::roll(instant now) {
  if (state_.is_rolling) {
    state_.since = now - length_of(state_.window);
    if (!history_)
      return;
    const auto gone = history_->drop_until(state_.since);
    spend(difference({}, gone));
    while (state_.alarms_told > 0
           && !has_passed(state_.alarms[state_.alarms_told - 1]))
      --state_.alarms_told;
    return;
  }
  const auto start = start_of(state_.window, now);
  if (start <= state_.since)
    return;
  state_.since = start;
  state_.spent = {};
  state_.unknown = {};
  state_.tokens_used = 0;
  state_.calls_made = 0;
  state_.first_call = {};
  state_.alarms_told = 0;
}

void ledger_account::spend(const spent_sums& what) noexcept {
  state_.spent += what.spent;
  state_.unknown += what.unknown;
  state_.tokens_used = changed(state_.tokens_used, what.tokens);
  state_.calls_made = changed(state_.calls_made, what.calls);
}

kept_account ledger_account::kept() const {
  return {state_, was_opened_,
          history_ ? history_->step() : protocol::duration{},
          history_ ? history_->first() : instant{},
          history_ ? history_->kept() : std::vector<kept_step>{}};
}

ledger_account::ledger_account(kept_account as)
    : state_(std::move(as.state)), was_opened_(as.was_opened) {
  if (as.step <= protocol::duration{})
    return;
  make_history(as.step);
  history_->put_back(as.steps, as.first);
}

void ledger_account::make_history() {
  make_history(state_.window == budget_window::life
                   ? protocol::duration{finest_step}
                   : length_of(state_.window) / steps_in_window);
}

void ledger_account::make_history(protocol::duration step) {
  history_ = std::make_unique<spending_history>(
      step, state_.window == budget_window::life
                ? spending_history::when_full::coarsen
                : spending_history::when_full::drop);
}

void ledger_account::open(const protocol::open_account& what, instant now) {
  state_.limit = what.limit;
  state_.tokens_max = what.tokens_max;
  state_.calls_max = what.calls_max;
  state_.time_max = what.time_max;
  state_.alarms = what.alarms;
  state_.alarms_told = 0;
  state_.is_frozen = false;
  state_.is_closed = false;
  was_opened_ = true;
  if (state_.window == what.window && state_.is_rolling == what.is_rolling)
    return;
  state_.window = what.window;
  state_.is_rolling = what.is_rolling;
  if (what.window == budget_window::life)
    state_.spent = state_.spent_ever;
  // Its steps have another length; what counts is taken for spent just now.
  make_history();
  history_->add({state_.spent, state_.unknown,
                 static_cast<std::int64_t>(
                     std::min(state_.tokens_used, counted_tokens_max)),
                 static_cast<std::int64_t>(
                     std::min(state_.calls_made, counted_tokens_max))},
                now);
  state_.since = what.is_rolling ? now - length_of(what.window)
                                 : start_of(what.window, now);
}

std::uint64_t ledger_account::tokens_left() const noexcept {
  return left_of(state_.tokens_max,
                 saturated(state_.tokens_used, state_.tokens_reserved));
}

instant ledger_account::until() const noexcept {
  if (state_.time_max == protocol::duration{} || state_.first_call == instant{})
    return instant::max();
  return state_.first_call + state_.time_max;
}

std::string ledger_account::why_not(const held_amounts& least,
                                    instant now) const {
  const auto& it = state_;
  const auto name = [&] {
    return "account '" + it.path + "' ";
  };
  if (it.is_closed)
    return name() + "is closed; open it again to go on";
  if (it.is_frozen)
    return name() + "is frozen: " + to_text(it.overrun)
           + " USD more were billed than was reserved; open it again to go on";
  if (least.amount > it.left())
    return name() + "has " + to_text(it.left()) + " USD left of "
           + to_text(it.limit) + when_more(it, now) + "; the call may cost "
           + to_text(least.amount);
  if (least.tokens > tokens_left())
    return name() + "has " + std::to_string(tokens_left()) + " tokens left of "
           + std::to_string(it.tokens_max) + when_more(it, now)
           + "; the call may use " + std::to_string(least.tokens);
  if (calls_left(it) == 0)
    return name() + "has no call left of " + std::to_string(it.calls_max)
           + when_more(it, now);
  if (now >= until())
    return name() + "has used up its time of " + protocol::to_text(it.time_max)
           + when_more(it, now);
  return {};
}

void ledger_account::hold(const held_amounts& what, instant now) {
  state_.reserved += what.amount;
  state_.tokens_reserved = saturated(state_.tokens_reserved, what.tokens);
  ++state_.open_reservations;
  if (state_.first_call == instant{})
    state_.first_call = now;
}

void ledger_account::settle(const held_amounts& held, const call_bill& bill,
                            instant now) {
  state_.reserved -= held.amount;
  state_.tokens_reserved -= std::min(state_.tokens_reserved, held.tokens);
  --state_.open_reservations;
  const auto sums = sums_of(bill);
  spend(sums);
  state_.spent_ever += bill.amount;
  if (bill.amount > held.amount)
    state_.overrun += bill.amount - held.amount;
  if (!was_opened_)
    return;
  if (!history_)
    make_history();
  history_->add(sums, now);
}

void ledger_account::put_right(const held_amounts& held, const call_bill& bill,
                               instant at) {
  const auto was = sums_of({held.amount, held.tokens, settlement::unknown});
  const auto change = difference(sums_of(bill), was);
  const bool is_known = history_ && history_->correct(change, at);
  if (state_.is_rolling ? is_known : at >= state_.since)
    spend(change);
  state_.spent_ever += change.spent;
  if (bill.amount > held.amount)
    state_.overrun += bill.amount - held.amount;
}

bool ledger_account::has_passed(std::uint32_t percent) const noexcept {
  return state_.limit != money::max()
         && state_.spent >= scaled_up(state_.limit, percent, 100);
}

std::uint32_t ledger_account::take_alarm() noexcept {
  if (state_.alarms_told >= state_.alarms.size()
      || !has_passed(state_.alarms[state_.alarms_told]))
    return 0;
  return state_.alarms[state_.alarms_told++];
}

} // namespace troupe::actors
