#include "memory_tables.hpp"

#include <limits>

namespace troupe::actors {

using protocol::instant;

void memory_tables::insert(std::uint64_t id, kept_task what) {
  line_.emplace(what.what.queue, what.due, id);
  if (!what.what.key.empty())
    keyed_tasks_.try_emplace({what.what.queue, what.what.key}, id);
  tasks_.emplace(id, std::move(what));
}

memory_tables::kept_task memory_tables::take(tasks::iterator at) {
  auto what = std::move(at->second);
  line_.erase({what.what.queue, what.due, at->first});
  if (!what.what.key.empty())
    keyed_tasks_.erase({what.what.queue, what.what.key});
  tasks_.erase(at);
  return what;
}

void memory_tables::move(tasks::iterator at, instant due, std::uint64_t token) {
  auto& it = at->second;
  line_.erase({it.what.queue, it.due, at->first});
  line_.emplace(it.what.queue, due, at->first);
  it.due = due;
  it.token = token;
}

memory_tables::tasks::iterator memory_tables::find(std::uint64_t task,
                                                   std::uint64_t token) {
  const auto at = tasks_.find(task);
  const bool is_held =
      at != tasks_.end() && token != 0 && at->second.token == token;
  return is_held ? at : tasks_.end();
}

memory_tables::numbered memory_tables::run(const enqueue_task& it,
                                           instant now) {
  if (!it.key.empty())
    if (const auto at = keyed_tasks_.find({it.queue, it.key});
        at != keyed_tasks_.end())
      return at->second;
  const auto id = ++last_task_;
  insert(id, {it, std::max(it.not_before, now)});
  undo_.emplace_back([this, id] {
    take(tasks_.find(id));
    --last_task_;
  });
  tell(change_kind::enqueued, it.queue, id);
  return id;
}

memory_tables::numbered memory_tables::run(const ack_task& it, instant) {
  const auto at = find(it.task, it.token);
  if (at == tasks_.end())
    return lost_task();
  undo_.emplace_back([this, id = it.task, old = take(at)] { insert(id, old); });
  return it.task;
}

memory_tables::numbered memory_tables::run(const nack_task& it, instant now) {
  const auto at = find(it.task, it.token);
  if (at == tasks_.end())
    return lost_task();
  undo_.emplace_back([this, id = it.task, due = at->second.due,
                      token = it.token] { move(tasks_.find(id), due, token); });
  move(at, later(now, std::max(it.delay, protocol::duration{})), 0);
  tell(change_kind::enqueued, at->second.what.queue, it.task);
  return it.task;
}

std::vector<claimed_task> memory_tables::claim(const std::string& queue,
                                               std::size_t count_max,
                                               instant until, instant now) {
  std::vector<claimed_task> out;
  for (auto spot = line_.lower_bound({queue, instant::min(), 0});
       spot != line_.end() && out.size() < count_max
       && std::get<0>(*spot) == queue && std::get<1>(*spot) <= now;
       ++spot)
    out.push_back({std::get<2>(*spot), 0, 0, {}});
  for (auto& it : out) {
    const auto at = tasks_.find(it.task);
    move(at, until, ++last_token_);
    auto& attempt = at->second.attempt;
    attempt += attempt < std::numeric_limits<std::uint32_t>::max() ? 1 : 0;
    it = {it.task, last_token_, attempt, at->second.what.body};
  }
  return out;
}

bool memory_tables::extend(std::uint64_t task, std::uint64_t token,
                           instant until, instant now) {
  const auto at = find(task, token);
  if (at == tasks_.end() || at->second.due <= now)
    return false;
  move(at, until, token);
  return true;
}

std::uint64_t memory_tables::lease(const std::string& name, std::uint64_t token,
                                   instant until, instant now) {
  auto& it = leases_[name];
  const bool is_held = it.until > now;
  if (is_held && (it.token != token || token == 0))
    return 0;
  it = {is_held ? token : ++last_token_, until};
  return it.token;
}

void memory_tables::release(const std::string& name, std::uint64_t token) {
  const auto at = leases_.find(name);
  if (at != leases_.end() && at->second.token == token)
    leases_.erase(at);
}

} // namespace troupe::actors
