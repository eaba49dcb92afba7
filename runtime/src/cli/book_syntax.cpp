#include "book_syntax.hpp"

#include "common_options.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

namespace troupe::cli {

namespace {

/// `option`: the one that names the file.
void add_book(CLI::App& command, const std::string& option,
              const std::string& help, book_arguments& given) {
  command.add_option(option, given.file, help)->type_name("FILE");
  add_config(command, given.config);
}

void add_output(CLI::App& command, book_arguments& given) {
  add_json(command, given.json, "One JSON object");
  add_no_color(command, given.no_color);
}

constexpr auto ledger_help = "The ledger's file; else the configuration's";
constexpr auto learning_help = "The learning file; else the configuration's";

void add_unknown(CLI::App& account, account_arguments& given) {
  auto* unknown = add_command(
      account, "unknown",
      "List the reservations of which nobody knows whether they were billed",
      "  troupe account unknown --json");
  unknown->callback([&given] { given.lists_unknown = true; });
  add_book(*unknown, "--ledger", ledger_help, given.book);
  add_output(*unknown, given.book);
}

void add_reconcile(CLI::App& account, account_arguments& given) {
  auto* reconcile = add_command(
      account, "reconcile", "Say what became of an unknown reservation",
      "  troupe account reconcile 0192d3c4-5e6f-7abc-8def-0123456789ab 0.0125\n"
      "  troupe account reconcile 0192d3c4-5e6f-7abc-8def-0123456789ab "
      "released");
  reconcile
      ->add_option("reservation", given.reservation,
                   "As 'troupe account unknown' lists it")
      ->required()
      ->type_name("RESERVATION");
  reconcile
      ->add_option("outcome", given.outcome,
                   "What was billed, in US dollars, or 'released'")
      ->required()
      ->type_name("USD|released");
  reconcile->callback([&given] { given.reconciles = true; });
  add_book(*reconcile, "--ledger", ledger_help, given.book);
  add_output(*reconcile, given.book);
}

} // namespace

void add_account(CLI::App& app, account_arguments& given) {
  auto* account = add_command(
      app, "account", "Show what a ledger holds, while no process uses it",
      "  troupe account\n"
      "  troupe account default/research --json\n"
      "  troupe account unknown\n"
      "  troupe account reconcile RESERVATION 0.0125");
  account->add_option("path", given.path, "One account, with its forecast")
      ->type_name("PATH");
  account->add_flag("--all", given.all, "Closed ones as well");
  add_book(*account, "--ledger", ledger_help, given.book);
  add_output(*account, given.book);
  add_unknown(*account, given);
  add_reconcile(*account, given);
}

void add_choices(CLI::App& app, choices_arguments& given) {
  auto* choices = add_command(
      app, "choices", "List which models were chosen, and how likely that was",
      "  troupe choices\n"
      "  troupe choices --file learned.db --count 1000 --json");
  add_book(*choices, "--file", learning_help, given.book);
  choices->add_option("--count", given.count, "The last so many; else 20")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000).description("1..100000"));
  add_output(*choices, given.book);
}

void add_judge(CLI::App& app, judge_arguments& given) {
  auto* judge = add_command(
      app, "judge", "Say how good an answer was, for later runs to learn from",
      "  troupe judge 0192d3c4-5e6f-7abc-8def-0123456789ab 80\n"
      "  troupe judge --file learned.db "
      "0192d3c4-5e6f-7abc-8def-0123456789ab 0");
  judge->add_option("call", given.call, "As in 'troupe choices' and reports")
      ->required()
      ->type_name("CALL");
  judge->add_option("quality", given.percent, "From 0 (useless) to 100")
      ->required()
      ->type_name("0..100")
      ->check(CLI::Range(0, 100).description("0..100"));
  add_book(*judge, "--file", learning_help, given.book);
}

} // namespace troupe::cli
