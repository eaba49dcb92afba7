#include "admission.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace troupe::actors {

using protocol::instant;

namespace {

/// By `rate_kind`.
std::array<std::uint64_t, rate_kinds> amounts_of(const call_cost& cost) {
  return {1, cost.input + cost.output, cost.input, cost.output};
}

} // namespace

admission::admission(const router_config& config) {
  std::map<std::string, std::size_t> known;
  for (const auto& model : config.models) {
    const auto [it, is_new] = known.emplace(model.provider, gates_.size());
    providers_.push_back(it->second);
    if (!is_new)
      continue;
    const auto limits = config.rates.find(model.provider);
    gates_.emplace_back(limits == config.rates.end() ? rate_limits{}
                                                     : limits->second,
                        config.shares);
  }
}

instant admission::ready_at(std::size_t provider, const call_cost& cost) const {
  const auto& gate = gates_[provider];
  if (!gate.calls.has_room())
    return instant::max();
  auto at =
      std::max({gate.requests.ready_at(1), gate.input.ready_at(cost.input),
                gate.output.ready_at(cost.output)});
  const auto amounts = amounts_of(cost);
  for (std::size_t i = 0; i < rate_kinds; ++i)
    at = std::max(at, gate.told[i].ready_at(amounts[i]));
  return at;
}

line_entry admission::entry_at(std::size_t provider, const routed_call& call) {
  auto entry = entry_of(call);
  if (call.last_line == provider)
    entry.round = call.round;
  return entry;
}

instant admission::expected_at(std::size_t provider,
                               const routed_call& call) const {
  const auto& gate = gates_[provider];
  const auto entry = entry_at(provider, call);
  const auto before = gate.line.expected_ahead_of(entry);
  const auto at =
      std::max(gate.requests.ready_after(before.calls, 1),
               gate.input.ready_after(before.cost.input, entry.cost.input));
  if (gate.calls.open() > 0)
    return at; // calls that are open may come to less than was taken for them
  return std::max(
      at, gate.output.ready_after(before.cost.output, entry.cost.output));
}

bool admission::is_hopeless(std::size_t provider, const routed_call& call,
                            instant now) const {
  const auto last = call.deadline - gates_[provider].typical / 2;
  return now >= last || expected_at(provider, call) >= last;
}

bool admission::may_enter(std::size_t provider, const routed_call& call,
                          instant now) const {
  const auto entry = entry_at(provider, call);
  return gates_[provider].line.goes_first(entry)
         && ready_at(provider, entry.cost) <= now;
}

void admission::enter(routed_call& call, instant now) {
  auto& gate = gates_[provider_of(call.tried.model)];
  const auto entry = entry_of(call);
  gate.requests.take(1, now);
  gate.input.take(entry.cost.input, now);
  gate.output.take(entry.cost.output, now);
  const auto amounts = amounts_of(entry.cost);
  for (std::size_t i = 0; i < rate_kinds; ++i)
    gate.told[i].take(amounts[i]);
  gate.line.charge(entry);
  call.epoch = gate.calls.begin();
  call.begun = now;
}

void admission::leave(routed_call& call, ending how, const call_cost& actual,
                      instant now) {
  auto& gate = gates_[provider_of(call.tried.model)];
  const auto cost = cost_of(call);
  gate.input.correct(cost.input, actual.input);
  gate.output.correct(cost.output, actual.output);
  const auto used = amounts_of(cost);
  const auto came_to = amounts_of(actual);
  for (std::size_t i = 0; i < rate_kinds; ++i)
    gate.told[i].correct(used[i], came_to[i]);
  gate.line.correct(entry_of(call), actual);
  if (how == ending::success)
    gate.typical += (now - call.begun - gate.typical) / 16;
  if (how == ending::success)
    gate.calls.succeeded();
  else if (how == ending::refused)
    gate.calls.refused(call.epoch);
  else
    gate.calls.ended();
}

void admission::wait(std::size_t provider, const call_ptr& call) {
  call->line = provider;
  call->round = gates_[provider].line.add(entry_at(provider, *call));
  call->last_line = provider;
  gates_[provider].waiting.emplace(call->arrival, call);
}

void admission::remove(routed_call& call) {
  if (call.line == no_line)
    return;
  auto& gate = gates_[std::exchange(call.line, no_line)];
  gate.line.remove(entry_of(call));
  gate.waiting.erase(call.arrival);
}

call_ptr admission::next(std::size_t provider, instant now) {
  auto& gate = gates_[provider];
  if (gate.line.empty())
    return nullptr;
  const auto first = gate.line.first();
  auto call = gate.waiting.at(first.arrival);
  if (ready_at(provider, first.cost) > now
      && !is_hopeless(provider, *call, now))
    return nullptr;
  remove(*call);
  return call;
}

instant admission::next_at(std::size_t provider) const {
  const auto& line = gates_[provider].line;
  return line.empty() ? instant::max() : ready_at(provider, line.first().cost);
}

std::vector<call_ptr> admission::take_cancelled() {
  std::vector<call_ptr> gone;
  for (const auto& gate : gates_)
    for (const auto& [arrival, call] : gate.waiting)
      if (call->is_cancelled)
        gone.push_back(call);
  for (const auto& call : gone)
    remove(*call);
  return gone;
}

void admission::clear() {
  for (auto& gate : gates_) {
    gate.line.clear();
    gate.waiting.clear();
  }
}

} // namespace troupe::actors
