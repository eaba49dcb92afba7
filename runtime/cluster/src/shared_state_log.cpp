#include "shared_state_log.hpp"

#include "json/read_json_as.hpp"

#include <boost/json/serialize.hpp>

#include <deque>
#include <map>

namespace troupe::cluster {

using actors::commit_outcome;
using actors::kept_state;
using protocol::errc;
using protocol::fail;
using protocol::result;
using protocol::state_update;

namespace {

constexpr std::size_t page = 500;
/// Old commits are dropped when there are so many, or so many bytes of them.
constexpr std::uint64_t trim_every = 512;
constexpr std::size_t trim_bytes = 8U << 20U;
/// In JSON a text takes at most twice its bytes; a record has 4 MiB.
constexpr std::size_t change_bytes_max = 1U << 20U;
constexpr std::size_t value_bytes_max = change_bytes_max - 4'096;
/// Of one commit to the store, which has bounds, too.
constexpr std::size_t ops_max = 800;
constexpr std::size_t bytes_max = 2U << 20U;
constexpr protocol::json_limits form{8U << 20U, 32, 100'000};

std::string stream_of(const std::string& cluster) {
  return "state/" + cluster;
}
std::string prefix_of(const std::string& cluster) {
  return "state/" + cluster + "/";
}

std::size_t bytes_of(const state_update& it) {
  std::size_t bytes = 0;
  for (const auto& change : it.body.changes)
    bytes += change.key.size() + change.value.size() + 128;
  return bytes;
}

bool exists(const protocol::state_change& it) {
  return it.kind == protocol::state_change_kind::created
         || it.kind == protocol::state_change_kind::changed;
}

template <class T>
std::string text_of_json(const T& it) {
  return boost::json::serialize(protocol::to_json(it));
}

result<void> read_entries(actors::durable_store& from,
                          const std::string& prefix, kept_state& to) {
  std::string after;
  while (true) {
    auto some = from.list(prefix, after, page);
    if (!some)
      return some.error();
    for (const auto& it : *some) {
      auto entry = read_json_as<protocol::state_entry>(it.value, form);
      if (!entry)
        return entry.error();
      to.entries.push_back(std::move(*entry));
    }
    if (some->size() < page)
      return {};
    after = some->back().key;
  }
}

result<void> read_commits(actors::durable_store& from,
                          const std::string& stream,
                          const actors::state_limits& limits, kept_state& to) {
  std::deque<state_update> last; // bounded by log_commits and log_bytes
  std::size_t bytes = 0;
  while (true) {
    const auto some = from.read(stream, to.revision, page);
    if (!some)
      return some.error();
    for (const auto& it : *some) {
      auto update = read_json_as<state_update>(it.record, form);
      if (!update)
        return update.error();
      if (update->body.revision != it.sequence)
        return fail(errc::malformed_message,
                    "commit " + std::to_string(it.sequence)
                        + " of the shared state has another revision");
      to.revision = it.sequence;
      bytes += bytes_of(*update);
      last.push_back(std::move(*update));
      while (last.size() > limits.log_commits
             || (bytes > limits.log_bytes && last.size() > 1)) {
        bytes -= bytes_of(last.front());
        last.pop_front();
      }
    }
    if (some->size() < page)
      break;
  }
  to.commits.assign(std::make_move_iterator(last.begin()),
                    std::make_move_iterator(last.end()));
  return {};
}

} // namespace

result<kept_state> shared_state_log::read(actors::durable_store& from,
                                          const std::string& cluster,
                                          const actors::state_limits& limits) {
  kept_state all;
  if (auto good = read_entries(from, prefix_of(cluster), all); !good)
    return good.error();
  if (auto good = read_commits(from, stream_of(cluster), limits, all); !good)
    return good.error();
  return all;
}

actors::state_limits
shared_state_log::fitting(actors::state_limits limits) noexcept {
  limits.change_bytes = std::min(limits.change_bytes, change_bytes_max);
  limits.value_bytes = std::min(limits.value_bytes, value_bytes_max);
  return limits;
}

shared_state_log::shared_state_log(std::unique_ptr<actors::durable_store> to,
                                   config how, std::uint64_t revision)
    : store_(std::move(to)), config_(std::move(how)), ids_(config_.seed),
      revision_(revision),
      thread_([this](const std::stop_token& stops) { work(stops); }) {}

shared_state_log::~shared_state_log() {
  thread_.request_stop();
  thread_.join();
}

void shared_state_log::keep(commits batch, told then) {
  const std::lock_guard lock{mutex_};
  next_ = job{std::move(batch), std::move(then)};
  changed_.notify_all();
}

void shared_state_log::work(const std::stop_token& stops) {
  while (true) {
    std::optional<job> now;
    {
      std::unique_lock lock{mutex_};
      if (!changed_.wait(lock, stops, [this] { return next_.has_value(); }))
        return;
      now = std::exchange(next_, {});
    }
    const auto kept = write(now->batch);
    now->then(kept);
    if (!kept && !std::exchange(has_failed_, true))
      config_.on_failure();
  }
}

result<void> shared_state_log::write(const commits& batch) {
  if (has_failed_)
    return fail(errc::unreachable, "an earlier commit was not kept");
  std::span rest{batch};
  while (!rest.empty()) {
    const auto count = fits(rest);
    if (auto done = commit(rest.first(count)); !done)
      return done;
    rest = rest.subspan(count);
  }
  return {};
}

std::size_t shared_state_log::fits(std::span<const commits::value_type> rest) {
  std::size_t ops = 0;
  std::size_t bytes = 0;
  std::size_t count = 0;
  for (const auto& it : rest) {
    ops += it->body.changes.size() + 1;
    bytes += bytes_of(*it);
    if (count > 0 && (ops > ops_max || bytes > bytes_max))
      break;
    ++count;
  }
  return count;
}

result<void>
shared_state_log::commit(std::span<const commits::value_type> part) {
  const auto prefix = prefix_of(config_.cluster);
  const auto stream = stream_of(config_.cluster);
  actors::store_txn txn;
  txn.id = ids_.next(config_.now());
  txn.require = {
      actors::require_lease{config_.fence.lease, config_.fence.token},
      actors::require_last{stream, revision_}};
  actors::append_records all{stream, {}};
  std::map<std::string, actors::store_op> last; // bounded by ops_max
  for (const auto& it : part) {
    all.records.push_back(text_of_json(*it));
    for (const auto& change : it->body.changes) {
      auto key = prefix + change.key;
      actors::store_op op = actors::delete_key{key};
      if (exists(change))
        op = actors::put_value{
            key, text_of_json(protocol::state_entry{
                     change.key, change.version, it->body.revision,
                     change.value, change.content, change.expires})};
      last.insert_or_assign(std::move(key), std::move(op));
    }
  }
  txn.ops.emplace_back(std::move(all));
  for (auto& [key, op] : last)
    txn.ops.push_back(std::move(op));
  const auto done = store_->commit({&txn, 1}, config_.now());
  const auto& outcome = done.front();
  if (outcome.outcome != commit_outcome::committed)
    return fail(outcome.why.code,
                "the shared state was not kept: " + outcome.why.detail);
  revision_ = part.back()->body.revision;
  for (const auto& it : part) {
    sizes_.push_back(bytes_of(*it));
    bytes_ += sizes_.back();
  }
  trim();
  return {};
}

/// What no follower can be sent from any more.
void shared_state_log::trim() {
  const auto& limits = config_.limits;
  while (sizes_.size() > limits.log_commits
         || (bytes_ > limits.log_bytes && sizes_.size() > 1)) {
    bytes_ -= sizes_.front();
    untrimmed_ += sizes_.front() + trim_bytes / trim_every;
    sizes_.pop_front();
  }
  if (untrimmed_ < trim_bytes)
    return;
  untrimmed_ = 0;
  actors::store_txn txn;
  txn.require = {
      actors::require_lease{config_.fence.lease, config_.fence.token}};
  txn.ops.emplace_back(actors::drop_records{stream_of(config_.cluster),
                                            revision_ - sizes_.size()});
  const auto now = config_.now();
  (void)store_->commit({&txn, 1}, now); // the next does it, too
  if (now < forgot_ + std::chrono::hours{1} || !config_.may_serve())
    return;
  forgot_ = now;
  // Nobody follows changes; others may ask what became of a commit.
  (void)store_->forget(~std::uint64_t{0} >> 1U, now - std::chrono::hours{1});
}

} // namespace troupe::cluster
