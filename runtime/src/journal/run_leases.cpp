#include "journal/run_leases.hpp"

#include <troupe/actors/log.hpp>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// More than a failover takes, less than those wait who ask a journal.
constexpr std::chrono::seconds patience{40};
constexpr std::chrono::milliseconds pace{100};

protocol::error failed(const protocol::error& why) {
  return fail(errc::journal_failed, why.detail);
}

} // namespace

run_leases::run_leases(opener open, clock now, protocol::duration ttl,
                       bool extends_by_itself)
    : open_(std::move(open)), now_(std::move(now)), ttl_(ttl),
      extends_by_itself_(extends_by_itself) {}

run_leases::~run_leases() {
  if (thread_.joinable()) {
    thread_.request_stop();
    thread_.join();
  }
  released_.merge(tokens_);
  if (store_)
    let_go(released_);
}

result<actors::durable_store*> run_leases::store() {
  if (!store_) {
    auto opened = open_();
    if (!opened)
      return failed(opened.error());
    store_ = std::move(*opened);
  }
  return store_.get();
}

/// A store that is away, as while it fails over, comes back. What was asked of
/// it before may have been done, and nobody was told the token: then the run
/// seems to be another's until that lease has run out.
result<void> run_leases::take(protocol::id run) {
  using std::chrono::steady_clock;
  const auto end = steady_clock::now() + patience;
  for (bool was_away = false;;) {
    const auto token = try_take(run);
    if (token && *token != 0)
      return {};
    const bool is_away = !token && token.error().code == errc::unreachable;
    was_away = was_away || is_away;
    if (steady_clock::now() >= end || !(is_away || (token && was_away)))
      return token ? fail(errc::unknown_run, "run " + to_string(run)
                                                 + " is under way in another "
                                                   "process")
                   : failed(token.error());
    std::unique_lock lock{mutex_};
    never_.wait_for(lock, pace, [] { return false; });
  }
}

/// 0: another process works on it.
result<std::uint64_t> run_leases::try_take(protocol::id run) {
  const std::lock_guard asks{store_mutex_};
  if (const auto held = token_of(run); held != 0)
    return held;
  auto at = store();
  if (!at)
    return at.error();
  std::uint64_t mine = 0; // one that it was about to let go
  {
    const std::lock_guard lock{mutex_};
    if (const auto old = released_.find(run); old != released_.end())
      mine = old->second;
  }
  const auto token = (*at)->lease(name_of(run), mine, ttl_, now_());
  if (!token)
    return token.error();
  const std::lock_guard lock{mutex_};
  released_.erase(run);
  if (*token == 0)
    return *token;
  tokens_.insert_or_assign(run, *token);
  if (extends_by_itself_ && !thread_.joinable())
    thread_ = std::jthread{[this](const std::stop_token& it) {
      tick(it);
    }};
  return *token;
}

std::uint64_t run_leases::token_of(protocol::id run) const {
  const std::lock_guard lock{mutex_};
  const auto at = tokens_.find(run);
  return at == tokens_.end() ? 0 : at->second;
}

void run_leases::lose(protocol::id run) {
  const std::lock_guard lock{mutex_};
  if (tokens_.erase(run) > 0)
    actors::log(actors::log_level::warn, "journal", "run-lost",
                "run=" + to_string(run));
}

void run_leases::release(protocol::id run) {
  {
    const std::lock_guard lock{mutex_};
    const auto at = tokens_.find(run);
    if (at == tokens_.end())
      return;
    released_.insert_or_assign(run, at->second);
    tokens_.erase(at);
  }
  wakes_.notify_all();
}

result<bool> run_leases::is_free(protocol::id run) {
  const std::lock_guard asks{store_mutex_};
  if (token_of(run) != 0)
    return false;
  auto at = store();
  if (!at)
    return at.error();
  // Taken for no time: nobody is kept out, and nobody had it.
  const auto token = (*at)->lease(name_of(run), 0, {}, now_());
  if (!token)
    return failed(token.error());
  return *token != 0;
}

bool run_leases::extend() {
  const std::lock_guard asks{store_mutex_};
  std::map<protocol::id, std::uint64_t> held;
  std::map<protocol::id, std::uint64_t> ended;
  {
    const std::lock_guard lock{mutex_};
    held = tokens_;
    ended.swap(released_);
  }
  if (!store_)
    return true;
  let_go(ended);
  for (const auto& [run, token] : held) {
    const auto now = store_->lease(name_of(run), token, ttl_, now_());
    if (!now) // soon again, or it runs out
      return false;
    if (*now == token)
      continue;
    lose(run); // it had run out: who had it meanwhile nobody knows
    if (*now != 0)
      (void)store_->release(name_of(run), *now);
  }
  return true;
}

void run_leases::let_go(const std::map<protocol::id, std::uint64_t>& which) {
  for (const auto& [run, token] : which)
    if (!store_->release(name_of(run), token))
      return; // they run out
}

void run_leases::tick(const std::stop_token& stops) {
  bool is_well = true;
  while (!stops.stop_requested()) {
    {
      std::unique_lock lock{mutex_};
      wakes_.wait_for(lock, stops, is_well ? ttl_ / 5 : ttl_ / 30,
                      [this] { return !released_.empty(); });
    }
    if (!stops.stop_requested())
      is_well = extend();
  }
}

} // namespace troupe
