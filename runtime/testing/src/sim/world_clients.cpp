// The part of the world that does what clients do.
#include "engine/engine.hpp"
#include "workload.hpp"
#include "world.hpp"

#include <caf/all.hpp>

namespace troupe::testing::sim {

using namespace std::chrono_literals;
using protocol::errc;

namespace {

constexpr std::size_t open_runs_max = 6;

std::string words(const protocol::error& why) {
  return std::string{to_string(why.code)} + ": " + why.detail;
}

} // namespace

void world::play(const step& it, std::uint32_t number) {
  step_ = number;
  if (!runtime_)
    go_on_anew();
  if (!runtime_)
    return;
  if (!is_tree_alive()) { // the process ends, as its root supervisor did
    note({fact_kind::tree_ended});
    die(false);
    go_on_anew();
    return;
  }
  if (is_sick_) { // its ledger fails, and a person starts it again
    note({fact_kind::client_did, 0, {}, {}, "restart"});
    die(false);
    go_on_anew();
    return;
  }
  dice random{it.seed};
  if (net_ && engine().now() >= bad_network_until_)
    calm_down();
  decide_some(random);
  if (is_fault(it.what))
    harm(it, random);
  else
    act(it, random);
  if (runtime_ && is_alive_)
    is_tree_alive(); // what was read or written may be of another store
  advance(it.after);
  if (!is_alive_) {
    die(false);
    go_on_anew();
  }
  collect();
  read_feeds();
}

void world::act(const step& it, dice& random) {
  switch (it.what) {
  case step_kind::start_run:
    return start_run(it.seed);
  case step_kind::cancel_run:
    return with_a_run(random, "cancel",
                      [](client_run& run) { run.handle->cancel(); });
  case step_kind::pause_run:
    return with_a_run(random, "pause", [](client_run& run) {
      run.handle->pause();
      run.is_paused = true;
    });
  case step_kind::go_on:
    return with_a_run(random, "go on", [](client_run& run) {
      run.handle->go_on();
      run.is_paused = false;
    });
  case step_kind::write_state:
    return write_state(random);
  case step_kind::write_both:
    return write_both(random);
  case step_kind::read_state:
    return read_state(random);
  case step_kind::publish: {
    const auto done = runtime_->publish({"sim.news", "", "hear"}, "client");
    fact told{fact_kind::published, 0, {}, {}, "sim.news"};
    if (done)
      told.number = static_cast<std::int64_t>(done->offset);
    else
      told.text = words(done.error());
    return note(std::move(told));
  }
  case step_kind::broadcast: {
    const auto done = runtime_->broadcast({"do", "", "", "all hear"}, "client");
    return note({fact_kind::client_did,
                 0,
                 {},
                 {},
                 "broadcast",
                 done ? "" : words(done.error())});
  }
  case step_kind::look:
    return look();
  case step_kind::rest:
    return rest();
  default:
    return advance(std::chrono::milliseconds{random.below(2'000)});
  }
}

void world::start_run(std::uint64_t seed) {
  if (open_runs().size() >= open_runs_max)
    return;
  auto mission = any_mission(seed);
  const auto budget = mission.budget.nano_usd;
  auto started = runtime_->start(std::move(mission));
  if (!started) {
    note_refused(started.error());
    is_sick_ = started.error().code == errc::internal;
    if (started.error().code == errc::mission_invalid)
      note({fact_kind::broken,
            0,
            {},
            {},
            "mission",
            "it is not valid: " + started.error().detail});
    return;
  }
  fact asked{fact_kind::run_asked, 0, {}, started->id()};
  asked.number = budget;
  note(std::move(asked));
  runs_[started->id()].handle.emplace(std::move(*started));
}

std::vector<world::client_run*> world::open_runs() {
  std::vector<client_run*> open;
  for (auto& [id, it] : runs_)
    if (it.handle && !it.has_ended)
      open.push_back(&it);
  return open;
}

void world::with_a_run(dice& random, const char* what,
                       const std::function<void(client_run&)>& code) {
  const auto open = open_runs();
  if (open.empty())
    return;
  auto& run = *open[random.below(open.size())];
  code(run);
  note({fact_kind::client_did, 0, {}, run.handle->id(), what});
}

void world::decide_some(dice& random) {
  std::vector<open_question> left;
  for (auto& it : std::exchange(questions_, {})) {
    const auto run = runs_.find(it.run);
    if (run == runs_.end() || !run->second.handle || run->second.has_ended)
      continue;
    if (random.below(4) == 0) {
      left.push_back(std::move(it));
      continue;
    }
    const bool is_yes = random.below(4) != 0;
    const auto done = run->second.handle->decide(it.task, is_yes, "person");
    note({fact_kind::client_did,
          0,
          {},
          it.run,
          "decide " + it.task,
          done ? (is_yes ? "yes" : "no") : words(done.error())});
  }
  for (auto& it : left)
    questions_.push_back(std::move(it));
}

void world::note_write(const std::string& key,
                       std::optional<std::uint64_t> expected,
                       const protocol::result<std::uint64_t>& outcome) {
  if (!is_alive_)
    return;
  fact it{fact_kind::state_written, 0, {}, {}, key};
  if (expected)
    it.other = static_cast<std::int64_t>(*expected) + 1;
  if (outcome) {
    it.number = static_cast<std::int64_t>(*outcome);
    versions_[key] = *outcome;
  } else {
    it.what = outcome.error().code == errc::version_conflict
                  ? fact_kind::state_refused
                  : fact_kind::state_unknown;
    it.text = words(outcome.error());
  }
  note(std::move(it));
}

void world::write_state(dice& random) {
  const auto key = "s" + std::to_string(random.below(3));
  std::optional<std::uint64_t> expected;
  if (random.coin())
    expected = versions_[key];
  if (expected && random.below(5) == 0)
    expected = *expected + random.below(3);
  const auto done =
      runtime_->state().put(key, std::to_string(random.below(100)), expected);
  is_tree_alive();
  note_write(key, expected, done);
}

void world::write_both(dice& random) {
  std::vector<protocol::state_write> changes;
  for (const auto* key : {"s0", "s1"}) {
    auto& change = changes.emplace_back();
    change.key = key;
    change.value = std::to_string(random.below(100));
    if (random.coin())
      change.expected = versions_[key] + (random.below(6) == 0 ? 1U : 0U);
  }
  const auto done = runtime_->state().write(changes);
  is_tree_alive();
  for (std::size_t i = 0; i < changes.size(); ++i)
    note_write(changes[i].key, changes[i].expected,
               done ? protocol::result<std::uint64_t>{done->versions[i]}
                    : done.error());
}

void world::read_state(dice& random) {
  const auto key = "s" + std::to_string(random.below(3));
  const auto read = runtime_->state().read(key);
  is_tree_alive();
  fact it{fact_kind::state_read, 0, {}, {}, key};
  if (!read) {
    it.what = fact_kind::client_did;
    it.text = words(read.error());
  } else if (read->entry) {
    it.number = static_cast<std::int64_t>(read->entry->version);
    versions_[key] = read->entry->version;
  }
  note(std::move(it));
}

/// B1: at any time.
void world::look() {
  const auto all = runtime_->accounts({{}, {}, 1'000});
  note({fact_kind::client_did,
        0,
        {},
        {},
        "look",
        all ? "" : words(all.error())});
  if (!all)
    return;
  for (const auto& it : all->accounts)
    if (it.is_frozen && it.path == "default") // a person has looked at it
      (void)runtime_->set_budget({it.path, it.limit});
  for (const auto& it : all->accounts)
    if (it.limit != protocol::money::max() && it.overrun.nano_usd == 0
        && it.spent.nano_usd + it.reserved.nano_usd > it.limit.nano_usd)
      note({fact_kind::broken,
            0,
            {},
            {},
            it.path,
            "more is spent and reserved than its limit"});
}

} // namespace troupe::testing::sim
