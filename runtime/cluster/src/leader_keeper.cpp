#include "leader_keeper.hpp"

#include <troupe/actors/log.hpp>

#include <time.h>

namespace troupe::cluster {

using actors::log_level;
using protocol::duration;
using protocol::result;

namespace {

/// Whoever could not do the duties leaves them to others for so long.
constexpr int pauses_after_failure = 3;

void note(log_level level, const char* what, const std::string& text) {
  actors::log(level, "cluster", what, text);
}

} // namespace

duration since_boot() noexcept {
  timespec it{};
  (void)::clock_gettime(CLOCK_BOOTTIME, &it);
  return std::chrono::seconds{it.tv_sec} + std::chrono::nanoseconds{it.tv_nsec};
}

leader_keeper::leader_keeper(std::string lease, opener open, clock now,
                             const singleton_limits& limits,
                             leader_duties duties,
                             std::shared_ptr<const std::atomic<bool>> draining)
    : name_(std::move(lease)), open_(std::move(open)), now_(std::move(now)),
      limits_(limits), duties_(std::move(duties)),
      is_draining_(std::move(draining)), lease_(limits),
      thread_([this](const std::stop_token& stops) { work(stops); }) {}

leader_keeper::~leader_keeper() {
  thread_.request_stop();
  thread_.join();
}

bool leader_keeper::may_serve(std::uint64_t token) const {
  const auto now = since_boot();
  const std::lock_guard lock{mutex_};
  return token != 0 && lease_.token() == token && given_up_ != token
         && lease_.may_serve(now);
}

void leader_keeper::give_up(std::uint64_t token) {
  const std::lock_guard lock{mutex_};
  given_up_ = token;
  has_news_ = true;
  changed_.notify_all();
}

result<actors::durable_store*> leader_keeper::store() {
  if (!store_) {
    auto opened = open_();
    if (!opened)
      return opened.error();
    store_ = std::move(*opened);
  }
  return store_.get();
}

void leader_keeper::work(const std::stop_token& stops) {
  while (!stops.stop_requested()) {
    const auto pause = step();
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, stops, pause, [&] { return has_news_; });
    has_news_ = false;
  }
  stop_serving();
  let_go();
}

duration leader_keeper::step() {
  see_begun();
  if (serving_ != 0 && !may_serve(serving_)) {
    stop_serving();
    let_go();
    return limits_.ask_every * pauses_after_failure;
  }
  if (*is_draining_) {
    stop_serving();
    let_go();
    return limits_.ask_every;
  }
  bool is_due = false;
  {
    const std::lock_guard lock{mutex_};
    is_due = lease_.should_ask(since_boot());
  }
  if (is_due)
    ask();
  serve();
  const std::lock_guard lock{mutex_};
  const auto left = lease_.until() - since_boot();
  return lease_.token() != 0 && left < limits_.ask_every
             ? std::max<duration>(left, std::chrono::milliseconds{1})
             : limits_.ask_every;
}

void leader_keeper::ask() {
  std::uint64_t mine = 0;
  {
    const std::lock_guard lock{mutex_};
    mine = lease_.ask(since_boot());
  }
  const auto at = store();
  const auto token = at ? (*at)->lease(name_, mine, limits_.ttl, now_())
                        : result<std::uint64_t>{at.error()};
  const bool was_away = std::exchange(is_away_, !token);
  if (!token && !was_away)
    note(log_level::warn, "leader.not_asked", "why=" + token.error().detail);
  const std::lock_guard lock{mutex_};
  if (token)
    lease_.answered(*token);
  else
    lease_.failed();
}

/// Begins or ends what its lease asks for.
void leader_keeper::serve() {
  std::uint64_t token = 0;
  {
    const std::lock_guard lock{mutex_};
    token = lease_.may_serve(since_boot()) ? lease_.token() : 0;
  }
  if (token == serving_)
    return;
  stop_serving();
  if (token == 0)
    return;
  serving_ = token;
  // To read all that was kept may take longer than the lease.
  beginning_ = std::async(std::launch::async, [this, token] {
    auto begun = duties_.begin({name_, token});
    const std::lock_guard lock{mutex_};
    has_news_ = true;
    changed_.notify_all();
    return begun;
  });
}

/// Tells of duties that have begun by now, or could not.
void leader_keeper::see_begun() {
  if (!beginning_.valid()
      || beginning_.wait_for(std::chrono::seconds{0})
             != std::future_status::ready)
    return;
  if (const auto begun = beginning_.get()) {
    note(log_level::info, "leader.begun", "token=" + std::to_string(serving_));
  } else {
    note(log_level::error, "leader.failed", "why=" + begun.error().detail);
    give_up(serving_);
  }
}

void leader_keeper::stop_serving() {
  if (std::exchange(serving_, 0) == 0)
    return;
  if (beginning_.valid())
    (void)beginning_.get(); // nothing of it may be left
  duties_.end();
  note(log_level::info, "leader.ended", "");
}

void leader_keeper::let_go() {
  std::uint64_t mine = 0;
  {
    const std::lock_guard lock{mutex_};
    mine = lease_.step_down();
  }
  if (mine == 0)
    return;
  if (const auto at = store())
    (void)(*at)->release(name_, mine); // else it runs out
}

} // namespace troupe::cluster
