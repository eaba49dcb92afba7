// The part of run_rules that waits for people.
#include "run_rules.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::event_kind;
using protocol::fail;
using protocol::task_kind;
using protocol::task_state;

namespace {

constexpr std::size_t note_bytes_max = 4'096;

std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& it : names)
    text += (text.empty() ? "" : ", ") + it;
  return text.empty() ? "anybody" : text;
}

} // namespace

run_rules::instant run_rules::asks_until(std::size_t task, instant now) const {
  const auto expires = spec(task).approval.expires;
  return expires == protocol::duration{} ? deadline_ : now + expires;
}

/// An approval step: no agent works on it, and it takes no place.
void run_rules::begin_asking(std::size_t task, instant now) {
  auto& record = report_.tasks[task];
  record.ready = now;
  record.started = now;
  auto what = prompt_of(task);
  if (!what) { // nobody could say what they agree to
    record.failure = what.error();
    return give_up(task, now);
  }
  nodes_[task].running = ++record.attempts;
  ask(task, std::move(*what), now);
}

void run_rules::ask(std::size_t task, std::string what, instant now) {
  auto& it = nodes_[task];
  it.is_asking = true;
  it.deadline = asks_until(task, now);
  report_.tasks[task].state = task_state::running;
  due_.add({task, it.running, it.deadline});
  emit_task(event_kind::approval_asked, task, now).note =
      list_of(spec(task).approval.ask) + ": " + std::move(what);
}

protocol::result<void> run_rules::decide(std::size_t task, bool is_yes,
                                         const std::string& by,
                                         const std::string& note, instant now) {
  const auto& it = nodes_[task];
  const auto& asked = spec(task).approval.ask;
  if (!it.is_asking || cancelling_)
    return fail(errc::invalid_request,
                "task '" + spec(task).id + "' waits for no approval");
  if (by.empty())
    return fail(errc::invalid_request, "say who decides");
  if (!asked.empty()
      && std::find(asked.begin(), asked.end(), by) == asked.end())
    return fail(errc::invalid_request, "task '" + spec(task).id + "' asks "
                                           + list_of(asked) + ", not '" + by
                                           + "'");
  if (note.size() > note_bytes_max)
    return fail(errc::invalid_request, "a note has at most 4,096 bytes");
  const protocol::approval_given given{spec(task).id, it.running, is_yes, by,
                                       note,          it.effect};
  notes_.add(given, now);
  answer_question(given, task, now);
  return {};
}

bool run_rules::asks_of_effect(std::size_t task) const {
  const auto& why = *report_.tasks[task].failure;
  return why.code == errc::effect_unknown && !why.effect.empty() && !cancelling_
         && spec(task).retries.unknown_effects == protocol::unknown_effect::ask;
}

/// Its time is up.
void run_rules::ask_no_more(std::size_t task, instant now) {
  const protocol::approval_given given{spec(task).id,
                                       nodes_[task].running,
                                       spec(task).approval.approve_on_expiry,
                                       {},
                                       {},
                                       nodes_[task].effect};
  notes_.add(given, now);
  answer_question(given, task, now);
}

void run_rules::answer_question(const protocol::approval_given& given,
                                std::size_t task, instant now) {
  auto& it = nodes_[task];
  auto& record = report_.tasks[task];
  const auto who = given.by.empty() ? std::string{"nobody, in time"} : given.by;
  record.decided = (given.is_yes ? "yes, by " : "no, by ") + who
                   + (given.note.empty() ? "" : ": " + given.note);
  it.is_asking = false;
  emit_task(event_kind::approval_given, task, now).note = record.decided;
  if (!given.effect.empty())
    return go_on_knowing(given, task, now);
  const bool is_step = spec(task).kind == task_kind::approval;
  if (given.is_yes) {
    if (!is_step)
      return complete(task, std::exchange(it.answer, {})->output, now);
    return complete(
        task,
        boost::json::serialize(boost::json::object{
            {"approved", true}, {"by", given.by}, {"note", given.note}}),
        now);
  }
  it.running = 0;
  it.answer.reset();
  if (is_step)
    record.failure =
        given.by.empty()
            ? fail(errc::approval_expired,
                   "'" + record.task + "' asked "
                       + list_of(spec(task).approval.ask)
                       + ", and nobody answered in time")
            : fail(errc::approval_refused,
                   "'" + record.task + "' was refused by " + given.by
                       + (given.note.empty() ? "" : ": " + given.note));
  else if (!given.by.empty() && spec(task).kind == task_kind::work
           && has_attempts_left(task)) {
    if (!given.note.empty())
      it.feedback = given.note;
    return try_again(task, {}, now);
  }
  give_up(task, now);
  arrive_all(now);
}

/// The journal keeps with the answer what the effect is: begun by nobody, or
/// done with what the note says.
void run_rules::go_on_knowing(const protocol::approval_given& given,
                              std::size_t task, instant now) {
  nodes_[task].running = 0;
  nodes_[task].effect.clear();
  if (!given.by.empty())
    return try_again(task, {}, now);
  give_up(task, now);
  arrive_all(now);
}

} // namespace troupe::actors
