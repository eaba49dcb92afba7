#include "account_text.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "report/printable.hpp"
#include "setup.hpp"
#include "terminal.hpp"

#include <troupe/actors/ledger_book.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <set>

namespace troupe::cli {

using actors::ledger_book;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::uint32_t page_size = 1'000;

result<ledger_book> open_book(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) // opening would make it
    return fail(errc::file_unreadable, "ledger '" + file + "': no such file");
  auto log = open_sqlite_ledger(file);
  if (!log)
    return log.error();
  return ledger_book::read(std::move(*log),
                           std::chrono::time_point_cast<protocol::duration>(
                               std::chrono::system_clock::now()));
}

result<std::vector<protocol::account_state>> all_in(const ledger_book& book) {
  std::vector<protocol::account_state> all;
  protocol::list_accounts ask;
  ask.count_max = page_size;
  do {
    auto some = book.accounts(ask);
    if (!some)
      return some.error();
    std::move(some->accounts.begin(), some->accounts.end(),
              std::back_inserter(all));
    ask.after = std::move(some->next);
  } while (!ask.after.empty());
  return all;
}

/// Leaves out those that are closed, and those below them.
void drop_closed(std::vector<protocol::account_state>& all) {
  std::set<std::string, std::less<>> closed;
  for (const auto& it : all)
    if (it.is_closed)
      closed.insert(it.path);
  std::erase_if(all, [&](const auto& it) {
    const std::string_view path = it.path;
    for (auto end = path.find('/'); end != std::string_view::npos;
         end = path.find('/', end + 1))
      if (closed.contains(path.substr(0, end)))
        return true;
    return it.is_closed;
  });
}

int show_all(const ledger_book& book, const account_arguments& given,
             console& on) {
  auto all = all_in(book);
  if (!all)
    return refuse(all.error(), on);
  const auto count = all->size();
  if (!given.all)
    drop_closed(*all);
  if (given.book.json) {
    on.out.line(boost::json::serialize(
        boost::json::object{{"accounts", protocol::to_json(*all)}}));
    return exit_done;
  }
  on.out.write(accounts_table(*all, page_for(on.out, given.book.no_color)));
  if (count > all->size())
    on.out.line(std::to_string(count - all->size())
                + " closed accounts are left out; see --all");
  if (!book.unknown().empty())
    on.out.line(std::to_string(book.unknown().size())
                + " reservations are unknown; see 'troupe account unknown'");
  return exit_done;
}

int show_one(const ledger_book& book, const account_arguments& given,
             console& on) {
  const auto account = book.account(given.path);
  if (!account)
    return refuse(account.error(), on);
  const auto forecast = book.forecast(given.path);
  if (!forecast)
    return refuse(forecast.error(), on);
  if (given.book.json)
    on.out.line(boost::json::serialize(
        boost::json::object{{"account", protocol::to_json(*account)},
                            {"forecast", protocol::to_json(*forecast)}}));
  else
    on.out.write(account_text(*account, *forecast));
  return exit_done;
}

int show_unknown(const ledger_book& book, const book_arguments& given,
                 console& on) {
  if (given.json)
    on.out.line(boost::json::serialize(
        boost::json::object{{"unknown", protocol::to_json(book.unknown())}}));
  else if (book.unknown().empty())
    on.out.line("no reservation is unknown");
  else
    on.out.write(
        unknown_table(book.unknown(), page_for(on.out, given.no_color)));
  return exit_done;
}

result<protocol::settle_budget> settlement_of(const account_arguments& given) {
  const auto reservation = protocol::parse_id(given.reservation);
  if (!reservation)
    return fail(errc::invalid_request,
                "'" + given.reservation + "' is no reservation");
  protocol::settle_budget what;
  what.reservation = *reservation;
  what.outcome = protocol::settlement::released;
  if (given.outcome == "released")
    return what;
  const auto amount = protocol::parse_money(given.outcome);
  if (!amount || *amount < protocol::money{})
    return fail(errc::invalid_request,
                "'" + given.outcome
                    + "' is neither an amount in US dollars nor 'released'");
  what.outcome = protocol::settlement::billed;
  what.actual = *amount;
  return what;
}

int reconcile(ledger_book& book, const account_arguments& given, console& on) {
  const auto what = settlement_of(given);
  if (!what)
    return refuse(what.error(), on);
  const auto account = book.put_right(*what);
  if (!account)
    return refuse(account.error(), on);
  if (given.book.json)
    on.out.line(boost::json::serialize(
        boost::json::object{{"account", protocol::to_json(*account)}}));
  else
    on.out.write(reconciled_text(*what, *account));
  return exit_done;
}

} // namespace

int show_accounts(const account_arguments& given, console& on) {
  const auto file = book_file(
      given.book, [](const runtime_config& it) { return it.ledger; },
      "troupe account: which ledger? Name its file with --ledger FILE, or in "
      "the configuration (ledger)",
      on);
  if (!file)
    return exit_bad_input;
  auto book = open_book(*file);
  if (!book)
    return refuse(book.error(), on);
  if (given.reconciles)
    return reconcile(*book, given, on);
  if (given.lists_unknown)
    return show_unknown(*book, given.book, on);
  return given.path.empty() ? show_all(*book, given, on)
                            : show_one(*book, given, on);
}

} // namespace troupe::cli
