#include "account_text.hpp"

#include "report/printable.hpp"
#include "report/report_text.hpp"
#include "report/text_table.hpp"

namespace troupe::cli {

using protocol::account_state;
using protocol::enum_name;
using protocol::instant;
using protocol::money;
using report::grouped;
using report::text_table;

namespace {

std::string limit_text(money limit) {
  return limit == money::max() ? "no limit" : for_people(limit);
}

std::string window_text(const account_state& it) {
  return std::string(enum_name(it.window)) + (it.is_rolling ? ", rolling" : "");
}

std::string state_text(const account_state& it) {
  return it.is_closed ? "closed" : it.is_frozen ? "frozen" : "open";
}

std::string line(const std::string& name, const std::string& value) {
  return name + ": " + value + '\n';
}

std::string of_most(std::uint64_t used, std::uint64_t most) {
  return grouped(used) + (most == 0 ? "" : " of " + grouped(most));
}

std::string forecast_text(const protocol::budget_forecast& it) {
  auto text = line("per hour", for_people(it.per_hour) + ", in the last "
                                   + protocol::to_text(it.span));
  if (it.window_end != instant{})
    text += line("at " + protocol::to_text(it.window_end),
                 for_people(it.expected) + " expected, " + for_people(it.low)
                     + " to " + for_people(it.high) + " in 90 of 100 outcomes");
  if (it.exhausted)
    text +=
        line("spent up", protocol::to_text(*it.exhausted) + ", as expected");
  if (it.exhausted_soonest)
    text += line("spent up, soonest", protocol::to_text(*it.exhausted_soonest));
  return text;
}

} // namespace

std::string accounts_table(const std::vector<account_state>& accounts,
                           const report::page& on) {
  text_table table{{{"ACCOUNT", false, true},
                    {"LIMIT", true},
                    {"SPENT", true},
                    {"UNKNOWN", true},
                    {"LEFT", true},
                    {"WINDOW"},
                    {"STATE"}}};
  for (const auto& it : accounts)
    table.add_row({{it.path},
                   {limit_text(it.limit)},
                   {for_people(it.spent)},
                   {for_people(it.unknown)},
                   {limit_text(it.left())},
                   {window_text(it)},
                   {state_text(it)}});
  return table.text(on);
}

std::string account_text(const account_state& account,
                         const protocol::budget_forecast& forecast) {
  auto text =
      line("account", report::printable_line(account.path))
      + line("state", state_text(account))
      + line("limit", limit_text(account.limit))
      + line("window",
             window_text(account)
                 + (account.since == instant{}
                        ? ""
                        : ", since " + protocol::to_text(account.since)))
      + line("spent", for_people(account.spent) + ", of which "
                          + for_people(account.unknown) + " is unknown")
      + line("left", limit_text(account.left()))
      + line("tokens", of_most(account.tokens_used, account.tokens_max))
      + line("calls", of_most(account.calls_made, account.calls_max));
  if (account.spent_ever != account.spent)
    text += line("spent ever", for_people(account.spent_ever));
  if (account.overrun != money{})
    text +=
        line("billed beyond what was reserved", for_people(account.overrun));
  return text + forecast_text(forecast);
}

std::string
unknown_table(const std::vector<actors::kept_reservation>& reservations,
              const report::page& on) {
  text_table table{{{"RESERVATION"},
                    {"ACCOUNT", false, true},
                    {"AMOUNT", true},
                    {"TOKENS", true},
                    {"UNKNOWN SINCE"}}};
  for (const auto& it : reservations)
    table.add_row({{to_string(it.reservation)},
                   {it.what.account},
                   {for_people(it.what.amount)},
                   {grouped(it.what.tokens)},
                   {protocol::to_text(it.at)}});
  return table.text(on);
}

std::string reconciled_text(const protocol::settle_budget& what,
                            const account_state& account) {
  const bool is_billed = what.outcome == protocol::settlement::billed;
  return to_string(what.reservation)
         + (is_billed ? ": billed " + for_people(what.actual) : ": released")
         + "; " + report::printable_line(account.path) + " has spent "
         + for_people(account.spent) + ", of which "
         + for_people(account.unknown) + " is unknown\n";
}

} // namespace troupe::cli
