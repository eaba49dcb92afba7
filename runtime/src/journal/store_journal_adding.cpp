// The part of store_journal that takes in a run from elsewhere.
#include "journal/store_journal.hpp"

#include <algorithm>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t calls_at_once = 64;

} // namespace

/// A run is there when its entries are: they come last, so that what was broken
/// off can be done again.
result<void> store_journal::add(const whole_run& it) {
  const auto run = it.entries.run;
  if (leases_)
    if (auto taken = leases_->take(run); !taken)
      return taken;
  const auto done = add_taken(it);
  if (leases_)
    leases_->release(run);
  return done;
}

result<void> store_journal::add_taken(const whole_run& it) {
  const auto run = it.entries.run;
  const auto head = kept_head(run);
  if (!head)
    return head.error();
  if (head->chain.records != 0)
    return fail(errc::journal_damaged,
                "run " + to_string(run) + " is there already");
  for (const auto& [key, state] : it.effects)
    if (auto done = keep(run, key, state); !done)
      return done;
  for (std::size_t at = 0; at < it.calls.size(); at += calls_at_once) {
    std::vector<actors::keep_call> some;
    const auto end = std::min(at + calls_at_once, it.calls.size());
    for (auto i = at; i < end; ++i)
      some.push_back({run, it.calls[i]});
    for (auto& done : keep({}, some).calls)
      if (!done)
        return done;
  }
  return append({&it.entries, 1}).front();
}

} // namespace troupe
