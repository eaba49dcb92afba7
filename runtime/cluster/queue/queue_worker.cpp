#include "queue_worker.hpp"

#include "engine/engine_access.hpp"
#include "engine/tree_children.hpp"
#include "journal/journal_file.hpp"
#include "store/store_drivers.hpp"

#include <troupe/actors/log.hpp>
#include <troupe/actors/run_past.hpp>

#include <algorithm>
#include <random>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::milliseconds queue_pace{500};
/// Before a mission that could not be begun is given to the next node.
constexpr std::chrono::seconds again_after{5};

protocol::instant queue_now() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

std::uint64_t queue_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

} // namespace

queue_worker::queue_worker(runtime& host, engine& at,
                           queue_worker_config config)
    : host_(host), engine_(at), config_(std::move(config)),
      thread_([this](const std::stop_token& stops) { work(stops); }) {}

queue_worker::~queue_worker() {
  thread_.request_stop();
  ends_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

/// Opened when it is needed; a store that is away is tried again later.
result<mission_queue*> queue_worker::queue(std::unique_ptr<mission_queue>& it) {
  if (!it) {
    auto store = store::open_url(config_.journal);
    if (!store)
      return store.error();
    it = std::make_unique<mission_queue>(
        std::shared_ptr<actors::durable_store>{std::move(*store)}, config_.node,
        queue_seed());
  }
  return it.get();
}

result<protocol::id> queue_worker::add(const ask_run& what) {
  const std::lock_guard lock{asked_mutex_};
  auto to = queue(asked_);
  return to ? (*to)->add(what, queue_now()) : to.error();
}

result<std::vector<queued_mission>> queue_worker::list() {
  const std::lock_guard lock{asked_mutex_};
  auto to = queue(asked_);
  return to ? (*to)->list() : to.error();
}

void queue_worker::work(const std::stop_token& stops) {
  while (!stops.stop_requested()) {
    {
      std::unique_lock lock{mutex_};
      ends_.wait_for(lock, stops, queue_pace, [] { return false; });
    }
    if (!stops.stop_requested())
      look();
  }
  leave();
}

void queue_worker::look() {
  if (!queue(own_))
    return;
  std::erase_if(held_, [this](held& it) { return attend(it); });
  while (!*config_.is_draining && held_.size() < config_.runs_max) {
    const auto before = held_.size();
    claim();
    if (held_.size() == before)
      return;
  }
}

void queue_worker::claim() {
  auto next = own_->claim(config_.lease, queue_now());
  if (!next)
    return actors::log(actors::log_level::warn, "cluster", "queue.no_claim",
                       "why=" + next.error().detail);
  if (!*next)
    return;
  held it{std::move(**next), {}, std::chrono::steady_clock::now()};
  begin(it);
  if (it.what.task != 0)
    held_.push_back(std::move(it));
}

/// Begins its run, or goes on with it; a task of 0 is given back.
void queue_worker::begin(held& it) {
  const auto before = past_of(it.what.run);
  if (before && *before == past::ended) {
    finish(own_->done(it.what, queue_now()), it);
    it.what.task = 0;
    return;
  }
  if (before && *before == past::open && *config_.is_draining)
    return; // it was paused here, and another node may go on with it
  run_options options;
  options.model = it.what.what.model;
  options.seed = it.what.what.seed;
  options.reuse = it.what.what.reuse;
  auto run = !before                 ? result<mission_run>{before.error()}
             : *before == past::open ? host_.resume(it.what.run)
                                     : engine_.start_run(it.what.what.mission,
                                                         options, it.what.run);
  if (run) {
    it.run = std::move(*run);
    actors::log(actors::log_level::info, "cluster", "queue.begun",
                "run=" + to_string(it.what.run));
    return;
  }
  if (before && *before == past::open && goes_on(it.what.run, run.error()))
    return; // the claim is held until its end
  hand_back(it, run.error());
}

bool queue_worker::goes_on(protocol::id run, const protocol::error& why) {
  if (why.code == errc::unknown_run)
    return true; // another node
  return why.code == errc::invalid_request && is_open_here(run);
}

/// Begun by something else of this process, as by the adopter of runs.
bool queue_worker::is_open_here(protocol::id run) {
  const auto runs = tree_below(
      engine_.system(), engine_access::roles_of(engine_).get(&roles::runs), {});
  return std::any_of(
      runs.children.begin(), runs.children.end(),
      [name = to_string(run)](const auto& it) { return it.name == name; });
}

/// A node that has no room for it says nothing about the mission.
void queue_worker::hand_back(held& it, const protocol::error& why) {
  finish(why.code == errc::overloaded
             ? own_->put_off(it.what, why.detail, again_after, queue_now())
             : own_->give_back(it.what, why.detail, again_after, queue_now()),
         it);
  it.what.task = 0;
}

bool queue_worker::attend(held& it) {
  const auto now = std::chrono::steady_clock::now();
  if (now - it.extended >= config_.lease / 4) {
    const auto extended = own_->extend(it.what, config_.lease, queue_now());
    if (extended && !*extended)
      return true; // another node has it; the run's own lease decides there
    if (extended)
      it.extended = now;
    if (!it.run)
      begin(it);
  }
  if (it.what.task == 0)
    return true;
  if (!it.run || !it.run->is_finished())
    return false;
  const auto report = it.run->wait();
  if (report.state == protocol::run_state::paused) {
    it.run.reset(); // `begin` goes on with it, if nobody else does
    return false;
  }
  finish(own_->done(it.what, queue_now()), it);
  return true;
}

void queue_worker::finish(const result<void>& outcome, const held& it) {
  if (!outcome)
    actors::log(actors::log_level::warn, "cluster", "queue.not_ended",
                "run=" + to_string(it.what.run)
                    + " why=" + outcome.error().detail);
}

/// What the journal has of a run.
result<queue_worker::past> queue_worker::past_of(protocol::id run) {
  if (!journal_) {
    auto opened = open_journal_file(config_.journal);
    if (!opened)
      return opened.error();
    journal_ = std::move(*opened);
  }
  const auto entries = journal_->read(run);
  if (!entries)
    return entries.error().code == errc::unknown_run ? result<past>{past::none}
                                                     : entries.error();
  const auto known = actors::read_past(run, *entries);
  if (!known)
    return known.error();
  return known->is_closed ? past::ended : past::open;
}

/// What it does not end itself is for the next node, at once.
void queue_worker::leave() {
  for (const auto& it : held_)
    finish(own_->give_back(it.what, "node '" + config_.node + "' was stopped",
                           {}, queue_now()),
           it);
  held_.clear();
}

} // namespace troupe::cluster
