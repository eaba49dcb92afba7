// The part of the state store's rules that takes turns: long reads, and what
// followers lack.
#include "state_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::uint32_t page_max = 1'000;

/// The least that a step costs: an answer is made.
constexpr std::size_t step_cost = 512;

/// A turn is taken after so many writes and reads of one key too, however many
/// more of them wait: they take most of the time then, but not all.
constexpr std::size_t calls_a_turn = 16;

protocol::result<void> check_page(std::uint32_t count_max) {
  if (count_max == 0 || count_max > page_max)
    return fail(errc::invalid_request, "count_max is 1 to 1,000");
  return {};
}

} // namespace

protocol::result<void>
state_rules::check(const protocol::list_state& ask) const {
  if (auto good = check_state_key(ask.prefix, true); !good)
    return good;
  if (auto good = check_page(ask.count_max); !good)
    return good;
  return reached(ask.at_least);
}

protocol::result<void>
state_rules::check(const protocol::read_state_history& ask) {
  if (auto good = check_state_key(ask.key); !good)
    return good;
  return check_page(ask.count_max);
}

protocol::result<void> state_rules::begin(const state_reader& who,
                                          state_question what,
                                          protocol::instant now) {
  expire(now);
  if (auto good = std::visit(
          [this](const auto& ask) { return this->check(ask); }, what);
      !good)
    return good;
  if (auto room = reads_.add(who, std::move(what)); !room)
    return room;
  work();
  return {};
}

void state_rules::grant(const protocol::grant_credit& more,
                        protocol::instant now) {
  expire(now);
  followers_.grant(more);
  work();
}

void state_rules::count_call(protocol::instant now) {
  expire(now);
  if (has_work() && ++calls_ >= calls_a_turn)
    take_turn(now);
}

void state_rules::take_turn(protocol::instant now) {
  expire(now);
  calls_ = 0;
  turn_ = work_allowance{limits_.turn_bytes};
  work();
}

bool state_rules::needs_turn() const noexcept {
  return has_work() || turn_.left() < limits_.turn_bytes;
}

bool state_rules::has_work() const noexcept {
  return reads_.size() + followers_.behind() > 0;
}

void state_rules::work() {
  while (has_work() && !turn_.is_spent())
    step();
}

/// Reads and followers by turns, if there are both.
void state_rules::step() {
  is_followers_turn_ =
      followers_.behind() > 0 && (reads_.size() == 0 || !is_followers_turn_);
  work_allowance mine{limits_.turn_bytes};
  if (is_followers_turn_)
    followers_.step(mine);
  else
    reads_.step(now_, mine);
  turn_.spend(std::max(limits_.turn_bytes - mine.left(), step_cost));
}

} // namespace troupe::actors
