#include "support/shared_ledger/quota_world.hpp"

namespace troupe::test {

using namespace std::chrono_literals;
using namespace cluster;
using protocol::errc;
using protocol::money;
using protocol::settlement;

namespace {

/// A question is given up after that, and not begun later by the leader.
constexpr auto patience = 2s;

} // namespace

quota_world::quota_world(std::uint64_t seed, std::size_t nodes)
    : random_(seed) {
  const auto open = [&](const char* path, std::int64_t limit,
                        std::uint64_t calls = 0) {
    protocol::open_account it{path, {limit}};
    it.calls_max = calls;
    (void)ledger.open(it, leader_time());
  };
  open("t", 100'000);
  open("t/a", 40'000);
  open("tag:x", 30'000);
  open("tag:n", 1'000'000, 50);
  for (std::size_t i = 0; i < nodes; ++i) {
    nodes_.emplace_back(seed * 100 + i);
    nodes_.back().ppm =
        static_cast<std::int64_t>(random_.below(40'001)) - 20'000;
  }
  leader_ppm_ = static_cast<std::int64_t>(random_.below(40'001)) - 20'000;
}

protocol::instant quota_world::leader_time() {
  node clock{0};
  clock.ppm = leader_ppm_;
  return leader_now_ = std::max(leader_now_, time_of(clock));
}

void quota_world::step(bool is_calm) {
  is_calm_ = is_calm;
  now += 100ms;
  if (!is_calm)
    trouble();
  for (const auto id : ledger.expired(leader_time(), 1'000))
    (void)ledger.settle({id, settlement::unknown, {}, 0}, leader_time());
  deliver();
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    auto& it = nodes_[i];
    end_calls(it);
    give_up_questions(it);
    it.rules.tick(time_of(it));
    carry_out(it.rules.steps(), i);
  }
}

void quota_world::trouble() {
  if (random_.below(300) == 0)
    is_cut = !is_cut;
  if (random_.below(900) == 0) // another leads, by another clock
    leader_ppm_ = static_cast<std::int64_t>(random_.below(40'001)) - 20'000;
  for (auto& it : nodes_) {
    if (random_.below(it.is_cut ? 200 : 600) == 0)
      it.is_cut = !it.is_cut;
    if (random_.below(6'000) == 0) {
      has_died = true;
      for (const auto& [number, call] : it.calls)
        if (call.end != protocol::instant{}) // it may have been billed
          spent_[call.which] += call.amount;
      const auto life = it.life + 1;
      it = node{random_.next()};
      it.life = life;
    }
  }
  if (random_.below(3) == 0)
    call(random_.below(nodes_.size()),
         static_cast<std::int64_t>(random_.below(400)), random_.below(4),
         random_.coin() ? -1 : 50);
}

void quota_world::call(std::size_t at, std::int64_t amount, std::uint64_t which,
                       std::int64_t least) {
  auto& it = nodes_[at];
  call_need need{{{amount}, static_cast<std::uint64_t>(amount)}, {}, 5min, {}};
  need.least = need.most;
  if (least >= 0)
    need.least = {{std::min(least, amount)}, 0};
  const auto number = ++calls_;
  it.calls[number] = {which, {}, 0, now, {}};
  it.rules.take(number, kinds()[which], need, time_of(it));
  carry_out(it.rules.steps(), at);
}

void quota_world::end_calls(node& it) {
  std::vector<std::pair<std::uint64_t, call_under_way>> over;
  for (const auto& one : it.calls)
    if (one.second.end != protocol::instant{} && one.second.end <= now)
      over.push_back(one);
  for (const auto& [number, what] : over)
    end_call(it, number, what);
}

void quota_world::end_call(node& it, std::uint64_t number,
                           const call_under_way& what) {
  it.calls.erase(number);
  --under_way;
  protocol::settle_budget how{{}, settlement::billed, {}, 0};
  how.outcome = static_cast<settlement>(random_.below(3));
  if (how.outcome == settlement::billed) {
    const auto most = static_cast<std::size_t>(what.amount.nano_usd) + 1;
    how.actual = {static_cast<std::int64_t>(random_.below(most))};
    spent_[what.which] += how.actual;
  } else if (how.outcome == settlement::unknown)
    spent_[what.which] += what.amount;
  it.rules.settle(number, how, time_of(it));
  if (random_.below(10) == 0) // said twice
    it.rules.settle(number, how, time_of(it));
}

void quota_world::carry_out(const quota_steps& what, std::size_t at) {
  auto& it = nodes_[at];
  for (const auto& ask : what.asks) {
    ++asked;
    send(at, ask);
  }
  for (const auto& end : what.ends)
    send(at, end);
  for (const auto& look : what.looks)
    send(at, look);
  for (const auto& one : what.paid) {
    auto& call = it.calls.at(one.call);
    longest_wait = std::max(longest_wait, now - call.asked);
    if (!one.outcome) {
      ++refused;
      ++refusals[one.outcome.error().code];
      it.calls.erase(one.call);
      continue;
    }
    ++paid;
    ++under_way;
    call.amount = one.outcome->amount;
    const auto takes = random_.below(20) == 0 ? 2'000U : 30U;
    call.end = now + 100ms * (1 + random_.below(takes));
  }
}

void quota_world::send(std::size_t at, said what) {
  auto& it = nodes_[at];
  it.open.push_back({what, now + patience});
  // Links take each request once; who asks again knows it.
  const bool is_doubled = !std::holds_alternative<slice_ask>(what) && !is_calm_
                          && random_.below(8) == 0;
  const auto copies = is_doubled ? 2 : 1;
  for (int i = 0; i < copies; ++i) {
    const bool is_late = !is_calm_ && random_.below(10) == 0;
    const auto takes = 10ms + 100ms * random_.below(is_late ? 200 : 3);
    letters_.push_back({at, it.life, what, now, now + takes});
  }
}

void quota_world::deliver() {
  std::vector<letter> due;
  std::erase_if(letters_, [&](letter& it) {
    if (it.due > now)
      return false;
    due.push_back(std::move(it));
    return true;
  });
  for (auto& it : due) {
    auto& who = nodes_[it.node];
    const bool is_lost =
        !is_calm_ && (random_.below(15) == 0 || is_cut || who.is_cut);
    if (is_lost || it.life != who.life)
      continue;
    if (it.answer) {
      answer(who, it.what, *it.answer);
      carry_out(who.rules.steps(), it.node);
    } else if (now - it.sent <= patience + 5s) { // clocks of deadlines differ
      it.answer = ask_leader(it.what);
      it.due = now + 100ms * random_.below(random_.below(10) == 0 ? 100 : 2);
      if (!is_calm_ && random_.below(8) == 0)
        letters_.push_back(it); // the answer comes twice
      letters_.push_back(std::move(it));
    }
  }
}

quota_world::told quota_world::ask_leader(const said& what) {
  const auto at = leader_time();
  if (const auto* ask = std::get_if<slice_ask>(&what)) {
    if (auto known = ledger.granted(ask->slice))
      return protocol::result<protocol::budget_reserved>{*known};
    protocol::reserve_budget it{ask->from.account, ask->most.amount,
                                ask->most.tokens};
    it.amount_min = ask->least.amount;
    it.tokens_min = ask->least.tokens;
    it.tags = ask->from.tags;
    it.lease = ask->lease;
    return ledger.reserve(it, ask->slice, at);
  }
  if (const auto* end = std::get_if<protocol::settle_budget>(&what)) {
    auto done = ledger.settle(*end, at);
    if (!done)
      return protocol::result<protocol::account_state>{done.error()};
    return protocol::result<protocol::account_state>{done->account};
  }
  const auto& look = std::get<slice_look>(what);
  const auto state = ledger.describe(look.at.account, at).value();
  return state.spent + look.least.amount <= state.limit;
}

void quota_world::answer(node& it, const said& what, const told& what_it_said) {
  std::erase_if(it.open, [&](const question& one) {
    return one.what.index() == what.index()
           && (std::holds_alternative<slice_look>(what)
               || (std::holds_alternative<slice_ask>(what)
                       ? std::get<slice_ask>(one.what).slice
                             == std::get<slice_ask>(what).slice
                       : std::get<protocol::settle_budget>(one.what).reservation
                             == std::get<protocol::settle_budget>(what)
                                    .reservation));
  });
  const auto at = time_of(it);
  if (const auto* ask = std::get_if<slice_ask>(&what)) {
    const auto& grant =
        std::get<protocol::result<protocol::budget_reserved>>(what_it_said);
    if (grant)
      it.rules.granted(ask->slice, {grant->amount, grant->tokens}, grant->until,
                       at);
    else
      it.rules.refused(ask->slice, grant.error(), at);
  } else if (const auto* end = std::get_if<protocol::settle_budget>(&what)) {
    const auto& done =
        std::get<protocol::result<protocol::account_state>>(what_it_said);
    it.rules.ended(end->reservation,
                   done ? std::optional{done->left()} : std::nullopt);
  } else
    it.rules.looked(std::get<slice_look>(what), std::get<bool>(what_it_said),
                    at);
}

void quota_world::give_up_questions(node& it) {
  std::vector<question> over;
  std::erase_if(it.open, [&](question& one) {
    if (one.until > now)
      return false;
    over.push_back(std::move(one));
    return true;
  });
  for (const auto& one : over)
    fail(it, one.what);
}

void quota_world::fail(node& it, const said& what) {
  const auto why = protocol::fail(errc::unreachable, "no answer");
  const auto at = time_of(it);
  if (const auto* ask = std::get_if<slice_ask>(&what))
    it.rules.failed(ask->slice, why, at);
  else if (const auto* end = std::get_if<protocol::settle_budget>(&what))
    it.rules.failed(end->reservation, why, at);
  else
    it.rules.looked(std::get<slice_look>(what), true, at);
}

} // namespace troupe::test
