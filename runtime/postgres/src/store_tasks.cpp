// The part of postgres_store that hands out tasks and leases.
#include "postgres_store.hpp"

#include <algorithm>
#include <limits>

namespace troupe::postgres {

using protocol::duration;
using protocol::instant;
using protocol::result;

namespace {

/// For what claims and leases have taken of the tokens.
query move_token(std::uint64_t to) {
  values moved;
  moved.add(std::int64_t{0}).add(std::int64_t{0});
  moved.add(signed_of(to)).add(std::int64_t{0});
  return {sql::move_counters, std::move(moved)};
}

} // namespace

result<std::vector<actors::claimed_task>>
postgres_store::claim(const std::string& queue, std::size_t count_max,
                      duration lease, instant now) {
  const auto found =
      ask({{sql::begin},
           {sql::lock_for_due, values{}.add(queue).add(told(now))},
           {sql::due_tasks,
            values{}.add(queue).add(told(now)).add(bound_of(count_max))}});
  if (!found)
    return found.error();
  const auto& counters = (*found)[1];
  const auto& due = (*found)[2];
  // What has come in between is found the next time.
  if (counters.size() == 0 || due.size() == 0) {
    roll_back();
    return std::vector<actors::claimed_task>{};
  }
  std::vector<actors::claimed_task> out;
  auto token = counters.count(0, 0);
  number_array tasks;
  number_array tokens;
  number_array attempts;
  for (int i = 0; i < due.size(); ++i) {
    constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
    const auto attempt =
        std::clamp<std::int64_t>(due.number(i, 1), 0, most - 1) + 1;
    out.push_back({due.count(i, 0), ++token,
                   static_cast<std::uint32_t>(attempt), due.bytes(i, 2)});
    tasks.add(due.number(i, 0));
    tokens.add(signed_of(token));
    attempts.add(attempt);
  }
  const auto until = actors::later(time_of(counters, 1, now), lease);
  values claimed;
  claimed.add(std::move(tasks)).add(std::move(tokens));
  claimed.add(std::move(attempts)).add(ns_of(until));
  if (auto good =
          finish({{sql::claim_tasks, std::move(claimed)}, move_token(token)});
      !good)
    return good.error();
  return out;
}

result<bool> postgres_store::extend(std::uint64_t task, std::uint64_t token,
                                    duration lease, instant now) {
  values given;
  given.add(signed_of(task)).add(signed_of(token));
  given.add(std::int64_t{lease.count()}).add(told(now));
  return change({sql::extend_task, std::move(given)});
}

result<std::uint64_t> postgres_store::lease(const std::string& name,
                                            std::uint64_t token, duration ttl,
                                            instant now) {
  if (!actors::is_name(name, allowed_))
    return actors::no_name();
  if (token != 0) { // one's own, as a rule: without the lock
    values given;
    given.add(name).add(signed_of(token));
    given.add(std::int64_t{ttl.count()}).add(told(now));
    const auto held = change({sql::extend_lease, std::move(given)});
    if (!held)
      return held.error();
    if (*held)
      return token;
  }
  text_array names;
  names.add(name);
  const auto found = ask({{sql::begin},
                          {sql::lock},
                          {sql::find_leases, values{}.add(std::move(names))}});
  if (!found)
    return found.error();
  const auto at = time_of((*found)[1], 4, now);
  const auto& known = (*found)[2];
  if (known.size() > 0 && known.number(0, 2) > ns_of(at)) {
    roll_back();
    return 0U;
  }
  const auto own = (*found)[1].count(0, 2) + 1;
  values put;
  put.add(name).add(signed_of(own));
  put.add(ns_of(actors::later(at, ttl)));
  if (auto good = finish({{sql::put_lease, std::move(put)}, move_token(own)});
      !good)
    return good.error();
  return own;
}

result<void> postgres_store::release(const std::string& name,
                                     std::uint64_t token) {
  const auto done =
      change({sql::drop_lease, values{}.add(name).add(signed_of(token))});
  if (!done)
    return done.error();
  return {};
}

} // namespace troupe::postgres
