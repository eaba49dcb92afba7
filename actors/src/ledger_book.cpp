#include "troupe/actors/ledger_book.hpp"

#include "ledger_rules.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;
using protocol::settlement;

struct ledger_book::content {
  ledger_rules rules;
  std::unique_ptr<ledger_log> log;
  instant now;
  std::vector<kept_reservation> unknown;

  result<void> read();
  void find_unknown();
};

result<void> ledger_book::content::read() {
  auto good = log->read([this](const ledger_entry& it) {
    auto done = rules.apply(it);
    if (!done)
      return result<void>{
          fail(errc::malformed_message,
               "the entries contradict each other: " + done.error().detail)};
    return done;
  });
  if (!good)
    return good;
  now = rules.pass_to(now);
  for (const auto reservation : rules.open_reservations())
    (void)rules.settle({reservation, settlement::unknown, {}, 0}, now);
  find_unknown();
  return good;
}

void ledger_book::content::find_unknown() {
  unknown.clear();
  for (const auto& it : rules.snapshot())
    if (const auto* kept = std::get_if<kept_reservation>(&it.what))
      if (kept->kind == kept_kind::unknown)
        unknown.push_back(*kept);
  std::stable_sort(unknown.begin(), unknown.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
}

ledger_book::ledger_book(std::unique_ptr<content> self)
    : self_(std::move(self)) {}
ledger_book::ledger_book(ledger_book&&) noexcept = default;
ledger_book& ledger_book::operator=(ledger_book&&) noexcept = default;
ledger_book::~ledger_book() = default;

result<ledger_book> ledger_book::read(std::unique_ptr<ledger_log> log,
                                      instant now) {
  auto self = std::make_unique<content>();
  self->log = std::move(log);
  self->now = now;
  if (auto good = self->read(); !good)
    return good.error();
  return ledger_book{std::move(self)};
}

result<protocol::account_state>
ledger_book::account(const std::string& path) const {
  return self_->rules.describe(path, self_->now);
}

result<protocol::accounts_listed>
ledger_book::accounts(const protocol::list_accounts& which) const {
  return self_->rules.list(which, self_->now);
}

result<protocol::budget_forecast>
ledger_book::forecast(const std::string& path) const {
  return self_->rules.forecast(path, self_->now);
}

const std::vector<kept_reservation>& ledger_book::unknown() const {
  return self_->unknown;
}

result<protocol::account_state>
ledger_book::put_right(const protocol::settle_budget& what) {
  const auto& all = self_->unknown;
  const bool is_unknown =
      std::any_of(all.begin(), all.end(), [&](const kept_reservation& it) {
        return it.reservation == what.reservation;
      });
  if (!is_unknown)
    return fail(errc::invalid_request,
                "no unknown reservation " + to_string(what.reservation));
  if (what.outcome == settlement::unknown || what.actual < protocol::money{})
    return fail(errc::invalid_request,
                "an unknown reservation was billed, with an amount, or "
                "released");
  const ledger_entry entry{self_->now, what};
  if (auto kept = self_->log->append({&entry, 1}); !kept)
    return kept.error();
  auto settled = self_->rules.settle(what, self_->now);
  if (!settled)
    return settled.error();
  self_->find_unknown();
  return std::move(settled->account);
}

} // namespace troupe::actors
