#include "ledger_writer.hpp"

#include "shared_ledger.hpp"
#include "troupe/actors/budget_manager.hpp"
#include "troupe/actors/driving.hpp"

#include <caf/all.hpp>

namespace troupe::actors {

using protocol::fail;
using protocol::result;

namespace {

/// With fewer entries a start takes no time worth saving.
constexpr std::size_t worth_a_snapshot = 10'000;

result<std::shared_ptr<kept_ledger>>
open(std::unique_ptr<ledger_log> log, protocol::instant now, bool is_shared) {
  auto ledger = std::make_shared<kept_ledger>();
  ledger->is_shared = is_shared;
  std::size_t entries = 0;
  const auto read = log->read([&](const ledger_entry& it) {
    auto done = ledger->rules.apply(it);
    ++entries;
    if (!done)
      return result<void>{
          fail(protocol::errc::malformed_message,
               "the entries contradict each other: " + done.error().detail)};
    return done;
  });
  if (!read)
    return read.error();
  std::vector<ledger_entry> lost;
  for (const auto reservation : ledger->rules.open_reservations(!is_shared))
    lost.push_back(
        {now, protocol::settle_budget{
                  reservation, protocol::settlement::unknown, {}, 0}});
  if (!lost.empty())
    if (auto kept = log->append(lost); !kept)
      return kept.error();
  for (const auto& it : lost)
    (void)ledger->rules.apply(it);
  if (entries >= worth_a_snapshot)
    if (const auto all = ledger->rules.snapshot(); all.size() * 4 < entries)
      if (auto kept = log->replace(all); !kept)
        return kept.error();
  ledger->log = std::move(log);
  return ledger;
}

} // namespace

result<std::shared_ptr<kept_ledger>>
open_ledger(std::unique_ptr<ledger_log> log, protocol::instant now) {
  return open(std::move(log), now, false);
}

result<std::shared_ptr<kept_ledger>>
open_shared_ledger(std::unique_ptr<ledger_log> log, protocol::instant now) {
  return open(std::move(log), now, true);
}

ledger_writer_actor
spawn_ledger_writer(caf::actor_system& system,
                    const std::shared_ptr<kept_ledger>& ledger,
                    const caf::actor_addr& manager) {
  const auto code = [ledger, manager](ledger_writer_actor::pointer self)
      -> ledger_writer_actor::behavior_type {
    // What it was sent before is written before it ends.
    self->set_exit_handler([](caf::exit_msg&) {});
    return {
        [ledger, manager](ledger_batch& batch) {
          auto outcome = ledger->log->append(batch.entries);
          if (outcome)
            batch.entries.clear();
          if (const auto it = caf::actor_cast<caf::strong_actor_ptr>(manager))
            caf::anon_send(
                caf::actor_cast<caf::actor>(it),
                batch_kept{std::move(outcome), std::move(batch.entries)});
        },
        [self](end_of_batches) { self->quit(); },
    };
  };
  return spawn_apart(system, code);
}

} // namespace troupe::actors
