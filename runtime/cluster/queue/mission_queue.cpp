#include "mission_queue.hpp"

#include "cli/check_unattended.hpp"
#include "json/read_json_as.hpp"

namespace troupe::cluster {

using actors::commit_outcome;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr auto queue_name = "missions";
constexpr auto room_account = "queue/room";
constexpr auto limit_key = "queue/limit";
const std::string open_prefix = "queue/open/";
const std::string aside_prefix = "queue/aside/";

/// What stands in the store for a mission.
struct queue_body {
  protocol::id run{};
  ask_run what{};
  /// Claims of the tasks that it was before it was put off; none: it was not.
  std::optional<std::uint32_t> before{};
};
BOOST_DESCRIBE_STRUCT(queue_body, (), (run, what, before))

constexpr protocol::json_limits body_limits{8U << 20U, 64, 1'000'000};

template <class T>
std::string queue_text(const T& it) {
  return boost::json::serialize(protocol::to_json(it));
}

std::string open_key(protocol::id run) {
  return open_prefix + to_string(run);
}

} // namespace

mission_queue::mission_queue(std::shared_ptr<actors::durable_store> store,
                             std::string node, std::uint64_t seed,
                             queue_limits limits)
    : store_(std::move(store)), node_(std::move(node)), ids_(seed),
      limits_(limits) {}

result<void> mission_queue::commit(txn what, instant now) {
  if (!what.id)
    what.id = ids_.next(now);
  auto outcome = store_->commit({&what, 1}, now).front();
  if (outcome.outcome == commit_outcome::committed)
    return {};
  if (outcome.outcome == commit_outcome::refused)
    return std::move(outcome.why);
  return fail(errc::journal_failed,
              "the queue's store is away: " + outcome.why.detail);
}

/// The first who comes says how many it holds.
result<void> mission_queue::open(instant now) {
  if (is_open_)
    return {};
  txn first;
  first.require = {actors::require_revision{limit_key, 0}};
  first.ops = {actors::put_value{limit_key, std::to_string(limits_.open_max)},
               actors::credit_account{room_account, limits_.open_max}};
  auto made = commit(std::move(first), now);
  if (!made && made.error().code != errc::version_conflict)
    return made;
  is_open_ = true;
  return {};
}

result<protocol::id> mission_queue::add(const ask_run& what, instant now) {
  if (auto good = cli::check_unattended(what.mission); !good)
    return good.error();
  if (auto good = open(now); !good)
    return good.error();
  const auto run = ids_.next(now);
  queued_mission record;
  record.run = run;
  record.mission = what.mission.name;
  record.state = "waiting";
  record.submitted = now;
  txn all;
  all.id = run; // asked again by a store that was away, it is one
  all.ops = {actors::credit_account{room_account, -1},
             actors::enqueue_task{queue_name,
                                  queue_text(queue_body{run, what, {}}),
                                  {},
                                  to_string(run)},
             actors::put_value{open_key(run), queue_text(record)}};
  auto added = commit(std::move(all), now);
  if (added)
    return run;
  if (added.error().code == errc::budget_exhausted)
    return fail(errc::overloaded, "the queue holds as many missions as it may");
  return added.error();
}

result<queued_mission> mission_queue::record_of(protocol::id run) {
  const auto key = open_key(run);
  const auto found = store_->get({&key, 1});
  if (!found)
    return found.error();
  if (found->front().revision == 0)
    return fail(errc::unknown_run, "it is not in the queue");
  return read_json_as<queued_mission>(found->front().value, body_limits);
}

result<std::optional<mission_queue::claimed>>
mission_queue::claim(protocol::duration lease, instant now) {
  auto tasks = store_->claim(queue_name, 1, lease, now);
  if (!tasks)
    return tasks.error();
  if (tasks->empty())
    return std::optional<claimed>{};
  auto& it = tasks->front();
  auto body = read_json_as<queue_body>(it.body, body_limits);
  if (!body) {
    auto aside = set_aside(it, ids_.next(now),
                           "nobody can read it: " + body.error().detail, now);
    return aside ? result<std::optional<claimed>>{std::optional<claimed>{}}
                 : aside.error();
  }
  it.attempt += body->before.value_or(0);
  auto record = record_of(body->run);
  if (!record)
    record = queued_mission{};
  if (it.attempt > limits_.claims_max) {
    auto aside = set_aside(it, body->run, record->why, now);
    return aside ? result<std::optional<claimed>>{std::optional<claimed>{}}
                 : aside.error();
  }
  record->run = body->run;
  record->mission = body->what.mission.name;
  record->state = "running";
  record->node = node_;
  record->claims = it.attempt;
  txn told;
  told.ops = {actors::put_value{open_key(body->run), queue_text(*record)}};
  if (auto good = commit(std::move(told), now); !good)
    return good.error();
  return std::optional{
      claimed{body->run, it.task, it.token, it.attempt, std::move(body->what)}};
}

result<bool> mission_queue::extend(const claimed& it, protocol::duration lease,
                                   instant now) {
  return store_->extend(it.task, it.token, lease, now);
}

result<void> mission_queue::done(const claimed& it, instant now) {
  txn end;
  end.ops = {actors::ack_task{it.task, it.token},
             actors::delete_key{open_key(it.run)},
             actors::credit_account{room_account, 1}};
  return commit(std::move(end), now);
}

result<queued_mission> mission_queue::waiting(const claimed& it,
                                              const std::string& why) {
  auto record = record_of(it.run);
  if (record) {
    record->state = "waiting";
    record->why = why.substr(0, 1'000);
  }
  return record;
}

result<void> mission_queue::give_back(const claimed& it, const std::string& why,
                                      protocol::duration delay, instant now) {
  const auto record = waiting(it, why);
  if (!record)
    return record.error();
  txn back;
  back.ops = {actors::nack_task{it.task, it.token, delay},
              actors::put_value{open_key(it.run), queue_text(*record)}};
  return commit(std::move(back), now);
}

/// Another task in its place: a store counts the claims of each by itself.
result<void> mission_queue::put_off(const claimed& it, const std::string& why,
                                    protocol::duration delay, instant now) {
  auto record = waiting(it, why);
  if (!record)
    return record.error();
  record->claims = it.claims - 1;
  txn off;
  off.ops = {
      actors::ack_task{it.task, it.token},
      actors::enqueue_task{
          queue_name, queue_text(queue_body{it.run, it.what, record->claims}),
          now + delay, to_string(it.run) + "/" + std::to_string(it.token)},
      actors::put_value{open_key(it.run), queue_text(*record)}};
  return commit(std::move(off), now);
}

result<void> mission_queue::set_aside(const actors::claimed_task& it,
                                      protocol::id run, const std::string& why,
                                      instant now) {
  auto record = record_of(run);
  if (!record)
    record = queued_mission{};
  record->run = run;
  record->state = "set_aside";
  record->claims = it.attempt - 1;
  record->why = "given to a node " + std::to_string(it.attempt - 1)
                + " times without an end"
                + (why.empty() ? std::string{} : "; the last time: " + why);
  txn end;
  end.ops = {
      actors::ack_task{it.task, it.token}, actors::delete_key{open_key(run)},
      actors::put_value{aside_prefix + to_string(run), queue_text(*record)},
      actors::credit_account{room_account, 1}};
  if (auto good = commit(std::move(end), now); !good)
    return good;
  return trim_aside(now);
}

/// The oldest go: ids are ordered by time.
result<void> mission_queue::trim_aside(instant now) {
  const auto all = store_->list(aside_prefix, {}, limits_.aside_max + 1);
  if (!all)
    return all.error();
  if (all->size() <= limits_.aside_max)
    return {};
  txn end;
  end.ops = {actors::delete_key{all->front().key}};
  return commit(std::move(end), now);
}

result<std::vector<queued_mission>> mission_queue::list() {
  std::vector<queued_mission> missions;
  for (const auto& prefix : {aside_prefix, open_prefix}) {
    const auto all =
        store_->list(prefix, {}, limits_.open_max + limits_.aside_max);
    if (!all)
      return all.error();
    for (const auto& it : *all)
      if (auto record = read_json_as<queued_mission>(it.value, body_limits))
        missions.push_back(std::move(*record));
  }
  return missions;
}

} // namespace troupe::cluster
