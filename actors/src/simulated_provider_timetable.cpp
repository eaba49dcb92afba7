#include "simulated_provider_timetable.hpp"

namespace troupe::actors {

call_event call_timetable::event_of(std::uint64_t call, const entry& open) {
  const auto& plan = open.schedule;
  const bool has_piece = open.next_piece < plan.pieces.size();
  const auto at = has_piece ? plan.pieces[open.next_piece] : plan.answer;
  if (plan.deadline && *plan.deadline < at)
    return {call, call_event::type::deadline, 0};
  if (has_piece)
    return {call, call_event::type::piece, open.next_piece};
  return {call, call_event::type::answer, 0};
}

call_timetable::due call_timetable::due_of(std::uint64_t call,
                                           const entry& open) {
  const auto& plan = open.schedule;
  const auto event = event_of(call, open);
  if (event.what == call_event::type::deadline)
    return {*plan.deadline, call};
  if (event.what == call_event::type::piece)
    return {plan.pieces[event.piece], call};
  return {plan.answer, call};
}

void call_timetable::add(std::uint64_t call, call_schedule schedule) {
  if (schedule.scope)
    by_scope_.emplace(schedule.scope, call);
  const auto [place, is_new] =
      open_.try_emplace(call, entry{std::move(schedule)});
  if (is_new)
    due_.insert(due_of(call, place->second));
}

void call_timetable::forget(std::uint64_t call, const protocol::id& scope) {
  by_scope_.erase({scope, call});
  open_.erase(call);
}

std::vector<call_event> call_timetable::take_due(protocol::duration now) {
  std::vector<call_event> out;
  while (!due_.empty() && due_.begin()->first <= now) {
    const auto call = due_.begin()->second;
    due_.erase(due_.begin());
    auto& open = open_.at(call);
    out.push_back(event_of(call, open));
    if (out.back().what == call_event::type::piece) {
      ++open.next_piece;
      due_.insert(due_of(call, open));
    } else {
      forget(call, protocol::id{open.schedule.scope});
    }
  }
  return out;
}

std::vector<std::uint64_t> call_timetable::cancel(const protocol::id& scope) {
  std::vector<std::uint64_t> out;
  if (!scope)
    return out;
  for (auto at = by_scope_.lower_bound({scope, 0});
       at != by_scope_.end() && at->first == scope; ++at)
    out.push_back(at->second);
  for (const auto call : out) {
    due_.erase(due_of(call, open_.at(call)));
    forget(call, scope);
  }
  return out;
}

std::optional<protocol::duration> call_timetable::next() const {
  if (due_.empty())
    return std::nullopt;
  return due_.begin()->first;
}

} // namespace troupe::actors
