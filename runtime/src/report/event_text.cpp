#include "event_text.hpp"

#include "printable.hpp"

namespace troupe::report {

using protocol::event_kind;
using protocol::for_people;

namespace {

std::string who(const protocol::run_event& event) {
  std::string text;
  if (!event.agent.empty())
    text += " by " + event.agent;
  if (!event.model.empty())
    text += " at " + event.model;
  return text;
}

std::string why(const protocol::run_event& event) {
  if (!event.failure)
    return {};
  return ": " + std::string(to_string(event.failure->code)) + ": "
         + event.failure->detail;
}

std::string said(const protocol::run_event& event) {
  return event.note.empty() ? std::string{} : ": " + event.note;
}

std::string count(const protocol::run_event& event) {
  return " (" + std::to_string(event.tasks_done) + "/"
         + std::to_string(event.tasks_total) + ")";
}

std::string what(const protocol::run_event& event, protocol::duration took) {
  switch (event.kind) {
  case event_kind::run_started:
    return "run started, " + std::to_string(event.tasks_total) + " tasks";
  case event_kind::task_started:
    return event.task + " started" + who(event)
           + (event.attempt > 1 ? ", attempt " + std::to_string(event.attempt)
                                : "");
  case event_kind::attempt_failed:
    return event.task + " attempt " + std::to_string(event.attempt) + " failed"
           + why(event);
  case event_kind::task_done:
    return event.task + " done" + who(event) + ", " + for_people(took) + ", "
           + for_people(event.cost) + count(event);
  case event_kind::task_failed:
    return event.task + " failed" + why(event);
  case event_kind::task_skipped:
    return event.task + " skipped" + why(event);
  case event_kind::task_cancelled:
    return event.task + " cancelled";
  case event_kind::task_omitted:
    return event.task + " omitted" + said(event);
  case event_kind::task_checking:
    return event.task + " is checked" + said(event);
  case event_kind::approval_asked:
    return event.task + " waits for approval" + said(event);
  case event_kind::approval_given:
    return event.task + " was decided" + said(event);
  case event_kind::run_cancelling:
    return "stopping" + why(event);
  case event_kind::run_finished:
    return "run finished, " + for_people(event.run_spent) + count(event);
  case event_kind::run_paused:
    return "run paused" + count(event);
  case event_kind::run_resumed:
    return "run resumed" + count(event);
  case event_kind::task_ready:
  case event_kind::task_progress:
    break;
  }
  return {};
}

} // namespace

std::string event_line(const protocol::run_event& event,
                       protocol::duration took) {
  const auto text = what(event, took);
  if (text.empty())
    return {};
  const auto at =
      protocol::to_text(std::chrono::floor<std::chrono::seconds>(event.at));
  return printable_line(at.substr(11, 8) + ' ' + text
                        + (event.simulated ? " [simulated]" : ""));
}

} // namespace troupe::report
