#include "report/health_text.hpp"

#include "report/text_table.hpp"

#include <troupe/protocol/time.hpp>

namespace troupe::report {

using protocol::agent_condition;
using protocol::part_status;

namespace {

tone tone_for(agent_condition condition) {
  switch (condition) {
  case agent_condition::well:
    return tone::good;
  case agent_condition::probation:
    return tone::busy;
  case agent_condition::drained:
  case agent_condition::restarted:
  case agent_condition::replaced:
    break;
  }
  return tone::bad;
}

std::string status_notes(const part_status& it) {
  auto notes = it.why;
  for (const auto& figure : it.figures)
    notes += (notes.empty() ? "" : "; ") + figure.name + " "
             + std::to_string(figure.value);
  return notes;
}

} // namespace

std::string health_text(const protocol::health_report& all, const page& on) {
  text_table table{{{"PART"},
                    {"LIVE"},
                    {"READY"},
                    {"WAITING", true, false, 1},
                    {"NOTES", false, true}}};
  for (const auto& it : all.parts)
    table.add_row(
        {{it.part},
         {it.is_live ? "yes" : "no", it.is_live ? tone::good : tone::bad},
         {it.is_ready ? "yes" : "no", it.is_ready ? tone::good : tone::bad},
         {it.waiting == 0 ? "-" : std::to_string(it.waiting)},
         {status_notes(it)}});
  auto text = table.text(on);
  for (const auto& it : all.agents)
    text += "agent " + it.agent + ": " + std::string(enum_name(it.condition))
            + ", " + std::string(enum_name(it.cause)) + "\n";
  return text;
}

std::string steps_text(const std::vector<protocol::health_step>& steps,
                       const page& on) {
  text_table table{
      {{"AT"}, {"AGENT"}, {"NOW"}, {"CAUSE"}, {"WHY", false, true}}};
  for (const auto& it : steps)
    table.add_row(
        {{protocol::to_text(std::chrono::floor<std::chrono::seconds>(it.at))},
         {it.agent},
         {std::string(enum_name(it.to)), tone_for(it.to)},
         {it.cause == protocol::sickness::none
              ? "-"
              : std::string(enum_name(it.cause))},
         {it.why}});
  return table.text(on);
}

} // namespace troupe::report
