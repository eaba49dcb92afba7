#include "fair_line.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

/// A tenant's time goes on by so much for a token, over its weight.
constexpr std::uint64_t time_of_token = 1'000;
/// More than any model reads; so no time overflows for a billion such calls.
constexpr std::uint64_t tokens_max = 1U << 24U;

std::uint64_t tokens_of(const call_cost& cost) {
  const auto input = std::min(cost.input, tokens_max);
  const auto output = std::min(cost.output, tokens_max);
  return std::clamp<std::uint64_t>(input + output, 1, tokens_max);
}

void add_load(fair_line::load& to, const fair_line::load& more) {
  to.calls += more.calls;
  to.cost.input += more.cost.input;
  to.cost.output += more.cost.output;
}

void take_load(fair_line::load& from, const call_cost& cost) {
  from.calls -= 1;
  from.cost.input -= cost.input;
  from.cost.output -= cost.output;
}

std::size_t index_of(protocol::priority urgency) {
  return static_cast<std::size_t>(urgency);
}

bool is_urgent(protocol::priority urgency) {
  return urgency == protocol::priority::critical;
}

} // namespace

fair_line::place fair_line::place_of(const tenant& who, const line_entry& it) {
  if (const auto known = who.places.find(it.arrival); known != who.places.end())
    return known->second;
  const auto urgency = -static_cast<int>(it.urgency);
  if (it.round != line_entry::no_round)
    return {urgency, it.round, it.deadline, it.arrival};
  const auto first = who.calls.lower_bound({urgency, 0, {}, 0});
  const bool are_others =
      first != who.calls.end() && std::get<0>(first->first) == urgency;
  const auto round = who.runs.round_of(
      {it.run, urgency}, are_others ? std::get<1>(first->first) : 0);
  return {urgency, round, it.deadline, it.arrival};
}

fair_line::tenant& fair_line::find_or_make(std::string_view name) {
  auto found = known_.find(name);
  if (found == known_.end()) {
    found = known_.emplace(name, tenant{}).first;
    auto& made = found->second;
    made.name = found->first;
    made.order = ++orders_;
    if (const auto weight = shares_.weights.find(found->first);
        weight != shares_.weights.end())
      made.weight = std::clamp(weight->second, 1U, 1'000U);
    list(made);
  }
  return found->second;
}

fair_line::turn fair_line::turn_of(const tenant& it) const {
  return {it.calls.empty() ? std::max(it.time, time_) : it.time, it.order};
}

bool fair_line::lets_urgent_ahead() const noexcept {
  return urgent_credit_ > 0 && !urgent_.empty();
}

const fair_line::turn_map& fair_line::in_turn() const noexcept {
  return lets_urgent_ahead() ? urgent_ : turns_;
}

void fair_line::unlist(tenant& it) {
  const turn key{it.time, it.order};
  weight_ -= turns_.erase(key) * it.weight;
  urgent_.erase(key);
  idle_.erase(key);
}

void fair_line::list(tenant& it) {
  const turn key{it.time, it.order};
  if (it.calls.empty()) {
    idle_.emplace(key, &it);
    return;
  }
  turns_.emplace(key, &it);
  weight_ += it.weight;
  if (it.loads[index_of(protocol::priority::critical)].calls > 0)
    urgent_.emplace(key, &it);
}

bool fair_line::goes_first(const line_entry& it) const {
  if (turns_.empty())
    return true;
  const bool is_ahead = is_urgent(it.urgency) && urgent_credit_ > 0;
  if (!is_ahead && lets_urgent_ahead())
    return false;
  const auto& others = is_ahead ? urgent_ : turns_;
  if (others.empty())
    return true;
  const auto& [theirs, first] = *others.begin();
  const auto own = known_.find(it.tenant);
  if (own == known_.end())
    return turn{time_, UINT64_MAX} < theirs;
  const auto mine = turn_of(own->second);
  return mine == theirs
             ? place_of(own->second, it) < first->calls.begin()->first
             : mine < theirs;
}

std::uint64_t fair_line::add(const line_entry& it) {
  auto& who = find_or_make(it.tenant);
  unlist(who);
  if (who.calls.empty())
    who.time = who.since = std::max(who.time, time_);
  const auto where = place_of(who, it);
  who.calls.emplace(where, waiting_call{it.cost, std::string{it.run}});
  who.places.emplace(it.arrival, where);
  who.runs.add({it.run, std::get<0>(where)}, std::get<1>(where), it.cost.input,
               it.cost.output);
  add_load(who.loads[index_of(it.urgency)], {1, it.cost});
  add_load(whole_, {1, it.cost});
  list(who);
  return std::get<1>(where);
}

void fair_line::remove(const line_entry& it) {
  const auto known = known_.find(it.tenant);
  if (known == known_.end())
    return;
  auto& who = known->second;
  const auto known_place = who.places.find(it.arrival);
  if (known_place == who.places.end())
    return;
  const auto found = who.calls.find(known_place->second);
  const auto& [cost, run] = found->second;
  unlist(who);
  take_load(who.loads[index_of(it.urgency)], cost);
  take_load(whole_, cost);
  who.runs.remove({run, std::get<0>(found->first)}, cost.input, cost.output);
  who.places.erase(known_place);
  who.calls.erase(found);
  list(who);
}

line_entry fair_line::first() const {
  const auto& who = *in_turn().begin()->second;
  const auto& [where, call] = *who.calls.begin();
  const auto& [urgency, round, deadline, arrival] = where;
  return {who.name, static_cast<protocol::priority>(-urgency),
          arrival,  call.cost,
          call.run, deadline};
}

void fair_line::charge(const line_entry& it) {
  auto& who = find_or_make(it.tenant);
  const auto tokens = tokens_of(it.cost);
  const auto begins = turn_of(who);
  const bool is_ahead = is_urgent(it.urgency) && !turns_.empty()
                        && turns_.begin()->first < begins;
  const auto share = static_cast<std::int64_t>(
      std::min<std::uint32_t>(shares_.urgent_permille, 900));
  const auto paid = static_cast<std::int64_t>(tokens);
  if (is_ahead)
    urgent_credit_ -= paid * (1'000 - share);
  else
    urgent_credit_ = std::min(urgent_credit_ + paid * share, urgent_credit_max);
  // Who goes ahead of its turn does not move the time of the others.
  if (!is_ahead)
    time_ = std::max(time_, begins.first);
  unlist(who);
  who.time = begins.first + tokens * time_of_token / who.weight;
  list(who);
  forget_idle();
}

void fair_line::correct(const line_entry& it, const call_cost& actual) {
  const auto known = known_.find(it.tenant);
  if (known == known_.end())
    return;
  auto& who = known->second;
  const auto charged = tokens_of(it.cost) * time_of_token / who.weight;
  const auto used = tokens_of(actual) * time_of_token / who.weight;
  unlist(who);
  who.time += used;
  who.time -= std::min(who.time, charged);
  who.time = std::max(who.time, who.since);
  list(who);
  if (turns_.empty())
    return;
  // Else tenants that are new all the time would all begin before one that
  // waits for its second call.
  const auto last = std::max(turns_.rbegin()->first.first, time_);
  const auto step = tokens_of(actual) * time_of_token / weight_;
  time_ = std::min(time_ + std::max<std::uint64_t>(step, 1), last);
}

/// Calls as urgent as a new one: all of its own run, and of the others those of
/// as many rounds.
fair_line::load fair_line::of_its_turn(const tenant& who,
                                       const line_entry& it) {
  const auto& all = who.loads[index_of(it.urgency)];
  const auto urgency = -static_cast<int>(it.urgency);
  const auto own = who.runs.of({it.run, urgency});
  load sum{own.calls, {own.input, own.output}};
  const auto others = all.calls - own.calls;
  if (others == 0)
    return sum;
  const auto runs = who.runs.count(urgency) - (own.calls == 0 ? 0 : 1);
  const auto first = std::min(others, (own.calls + 1) * runs);
  sum.calls += first;
  sum.cost.input += (all.cost.input - own.input) / others * first;
  sum.cost.output += (all.cost.output - own.output) / others * first;
  return sum;
}

fair_line::load fair_line::ahead_of(const line_entry& it) const {
  load sum;
  const auto known = known_.find(it.tenant);
  if (known == known_.end())
    return sum;
  const auto& who = known->second;
  const auto own = index_of(it.urgency);
  for (auto i = own + 1; i < who.loads.size(); ++i)
    add_load(sum, who.loads[i]);
  if (!who.places.contains(it.arrival))
    add_load(sum, of_its_turn(who, it));
  return sum;
}

fair_line::load fair_line::expected_ahead_of(const line_entry& it) const {
  auto sum = ahead_of(it);
  const auto own = known_.find(it.tenant);
  const bool waits = own != known_.end() && !own->second.calls.empty();
  if (!waits)
    return sum; // new ones begin where the line is
  const auto with_others = [&](std::uint64_t mine, std::uint64_t all) {
    const auto scaled = static_cast<double>(mine) * static_cast<double>(weight_)
                        / static_cast<double>(own->second.weight);
    return scaled < static_cast<double>(all)
               ? static_cast<std::uint64_t>(scaled)
               : std::max(all, mine);
  };
  sum.calls = with_others(sum.calls, whole_.calls);
  sum.cost.input = with_others(sum.cost.input, whole_.cost.input);
  sum.cost.output = with_others(sum.cost.output, whole_.cost.output);
  return sum;
}

void fair_line::forget_idle() {
  while (!idle_.empty()
         && (idle_.begin()->first.first <= time_
             || idle_.size() > shares_.tenants_max)) {
    const std::string_view name = idle_.begin()->second->name;
    idle_.erase(idle_.begin());
    known_.erase(known_.find(name));
  }
}

void fair_line::clear() {
  known_.clear();
  turns_.clear();
  urgent_.clear();
  idle_.clear();
  weight_ = 0;
  whole_ = {};
}

} // namespace troupe::actors
