#include "store/store_tables.hpp"

#include <algorithm>
#include <limits>
#include <sqlite3.h>

namespace troupe::store {

using actors::change_kind;
using protocol::instant;
using protocol::result;

store_tables::numbered store_tables::run(const actors::enqueue_task& it,
                                         instant now) {
  if (!it.key.empty()) {
    query same{file_, sql::find_key, it.queue, it.key};
    const auto is_there = same.next();
    if (!is_there)
      return is_there.error();
    if (*is_there)
      return same.count(0);
  }
  query to{
      file_,  sql::add_task, it.queue, it.key, std::max(it.not_before, now),
      it.body};
  if (auto good = to.finish(); !good)
    return good.error();
  const auto id =
      static_cast<std::uint64_t>(sqlite3_last_insert_rowid(file_.get()));
  if (auto told = tell(change_kind::enqueued, it.queue, id); !told)
    return told;
  return id;
}

store_tables::numbered store_tables::run(const actors::ack_task& it, instant) {
  const auto done =
      query{file_, sql::ack_task, signed_of(it.task), signed_of(it.token)}
          .changes();
  if (!done)
    return done.error();
  if (!*done)
    return actors::lost_task();
  return it.task;
}

store_tables::numbered store_tables::run(const actors::nack_task& it,
                                         instant now) {
  const auto due = actors::later(now, std::max(it.delay, protocol::duration{}));
  std::string queue;
  {
    query back{file_, sql::nack_task, signed_of(it.task), signed_of(it.token),
               due};
    const auto is_there = back.next();
    if (!is_there)
      return is_there.error();
    if (!*is_there)
      return actors::lost_task();
    queue = back.bytes(0);
  }
  if (auto told = tell(change_kind::enqueued, queue, it.task); !told)
    return told;
  return it.task;
}

store_tables::numbered store_tables::next_token() {
  query next{file_, sql::next_token};
  const auto row = next.next();
  if (!row)
    return row.error();
  if (!*row)
    return file_.unreadable("tokens");
  return next.count(0);
}

result<void> store_tables::claim_one(actors::claimed_task& it, instant until) {
  const auto token = next_token();
  if (!token)
    return token.error();
  it.token = *token;
  return query{file_, sql::claim_task,   signed_of(it.task),
               until, signed_of(*token), std::int64_t{it.attempt}}
      .finish();
}

result<std::vector<actors::claimed_task>>
store_tables::claim(const std::string& queue, std::size_t count_max,
                    instant until, instant now) {
  std::vector<actors::claimed_task> out;
  {
    query due{file_, sql::due_tasks, queue, now};
    while (out.size() < count_max) {
      const auto row = due.next();
      if (!row)
        return row.error();
      if (!*row)
        break;
      constexpr std::int64_t most = std::numeric_limits<std::uint32_t>::max();
      const auto before = std::clamp<std::int64_t>(due.number(1), 0, most - 1);
      out.push_back({due.count(0), 0, static_cast<std::uint32_t>(before + 1),
                     due.bytes(2)});
    }
  }
  for (auto& it : out)
    if (auto good = claim_one(it, until); !good)
      return good.error();
  return out;
}

result<bool> store_tables::extend(std::uint64_t task, std::uint64_t token,
                                  instant until, instant now) {
  return query{
      file_, sql::extend_task, signed_of(task), signed_of(token), until, now}
      .changes();
}

result<store_tables::kept_lease>
store_tables::find_lease(const std::string& name, instant now) {
  query at{file_, sql::find_lease, name};
  const auto is_there = at.next();
  if (!is_there)
    return is_there.error();
  const instant until{protocol::duration{at.number(1)}};
  return *is_there && until > now ? kept_lease{at.count(0), until}
                                  : kept_lease{};
}

store_tables::numbered store_tables::lease(const std::string& name,
                                           std::uint64_t token, instant until,
                                           instant now) {
  const auto at = find_lease(name, now);
  if (!at)
    return at.error();
  if (at->token != 0 && at->token != token)
    return 0U;
  auto own = at->token != 0 ? numbered{token} : next_token();
  if (!own)
    return own;
  query to{file_, sql::put_lease, name, signed_of(*own), until};
  if (auto good = to.finish(); !good)
    return good.error();
  return own;
}

result<void> store_tables::release(const std::string& name,
                                   std::uint64_t token) {
  return query{file_, sql::drop_lease, name, signed_of(token)}.finish();
}

} // namespace troupe::store
