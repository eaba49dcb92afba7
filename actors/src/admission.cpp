#include "admission.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::instant;

admission::admission(const router_config& config) {
  std::map<std::string, std::size_t> known;
  for (const auto& model : config.models) {
    const auto [it, is_new] = known.emplace(model.provider, gates_.size());
    providers_.push_back(it->second);
    if (!is_new)
      continue;
    const auto limits = config.rates.find(model.provider);
    gates_.emplace_back(limits == config.rates.end() ? rate_limits{}
                                                     : limits->second);
  }
}

instant admission::ready_at(std::size_t provider, const call_cost& cost) const {
  const auto& gate = gates_[provider];
  if (!gate.calls.has_room())
    return instant::max();
  return std::max({gate.requests.ready_at(1), gate.input.ready_at(cost.input),
                   gate.output.ready_at(cost.output)});
}

bool admission::may_enter(std::size_t provider, const routed_call& call,
                          instant now) const {
  const auto& line = gates_[provider].line;
  if (!line.empty() && line.begin()->first < place_of(call))
    return false;
  return ready_at(provider, cost_of(call)) <= now;
}

void admission::enter(routed_call& call, instant now) {
  auto& gate = gates_[provider_of(call.tried.model)];
  gate.requests.take(1, now);
  const auto cost = cost_of(call);
  gate.input.take(cost.input, now);
  gate.output.take(cost.output, now);
  call.epoch = gate.calls.begin();
}

void admission::leave(routed_call& call, ending how, const call_cost& actual) {
  auto& gate = gates_[provider_of(call.tried.model)];
  const auto cost = cost_of(call);
  gate.input.correct(cost.input, actual.input);
  gate.output.correct(cost.output, actual.output);
  if (how == ending::success)
    gate.calls.succeeded();
  else if (how == ending::refused)
    gate.calls.refused(call.epoch);
  else
    gate.calls.ended();
}

admission::place admission::place_of(const routed_call& call) {
  return {-static_cast<int>(call.asked.head.urgency), call.arrival};
}

void admission::wait(std::size_t provider, const call_ptr& call) {
  call->line = provider;
  gates_[provider].line.emplace(place_of(*call), call);
}

void admission::remove(const routed_call& call) {
  if (call.line != no_line)
    gates_[call.line].line.erase(place_of(call));
}

call_ptr admission::next(std::size_t provider, instant now) {
  auto& line = gates_[provider].line;
  if (line.empty() || ready_at(provider, cost_of(*line.begin()->second)) > now)
    return nullptr;
  auto first = std::move(line.begin()->second);
  line.erase(line.begin());
  first->line = no_line;
  return first;
}

instant admission::next_at(std::size_t provider) const {
  const auto& line = gates_[provider].line;
  return line.empty() ? instant::max()
                      : ready_at(provider, cost_of(*line.begin()->second));
}

std::vector<call_ptr> admission::take_cancelled() {
  std::vector<call_ptr> gone;
  for (auto& gate : gates_)
    std::erase_if(gate.line, [&](auto& entry) {
      if (!entry.second->is_cancelled)
        return false;
      entry.second->line = no_line;
      gone.push_back(std::move(entry.second));
      return true;
    });
  return gone;
}

void admission::clear() {
  for (auto& gate : gates_)
    gate.line.clear();
}

} // namespace troupe::actors
