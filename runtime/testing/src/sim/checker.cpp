#include "checker.hpp"

#include "bill_watch.hpp"
#include "load_watch.hpp"
#include "tree_watch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace troupe::testing::sim {

namespace {

using life_and_run = std::pair<std::uint32_t, protocol::id>;

/// Goes through a history once.
class checker {
public:
  std::vector<std::string> check(const history& all) {
    for (const auto& it : all.facts)
      see(it);
    check_money();
    check_runs();
    return std::move(found_);
  }

private:
  struct run_seen {
    bool has_begun = false;
    int ends = 0;
    bool is_lost = false; ///< Its end could not be kept.
    bool has_ended_untold = false;
    std::int64_t budget = 0;
    std::int64_t reported = 0;
    std::map<std::string, std::string> ended_as; ///< By task.
    bool is_stopping = false;
    std::vector<std::string> stopped; ///< Tasks that have ended since.
  };
  struct key_seen {
    std::int64_t last = 0;
    bool is_certain = true; ///< Nobody else can have written since.
    bool is_known = false;
  };

  void find(const fact& at, const std::string& what) {
    found_.push_back("step " + std::to_string(at.step) + ": " + what + " ("
                     + to_text(at) + ')');
  }
  void see(const fact& it);
  void see_told(const fact& it);
  void see_end(const fact& it);
  void see_refused(const fact& it);
  void see_write(const fact& it);
  void see_read(const fact& it);
  void see_effect(const fact& it);
  void see_feed(const fact& it);
  void forget_state(bool is_new_life);
  void check_money();
  void check_runs();

  std::vector<std::string> found_;
  std::map<protocol::id, run_seen> runs_;
  std::map<life_and_run, std::int64_t> sequence_;
  std::map<life_and_run, std::set<std::string>> ends_; ///< Of tasks.
  std::map<std::string, key_seen> keys_;
  std::map<std::string, int> effects_;
  bill_watch bills_;
  std::map<std::string, fact> accounts_;
  std::int64_t offset_ = 0;
  std::int64_t published_ = 0;
  load_watch load_;
  tree_watch tree_;
  fact last_;
};

void checker::see(const fact& it) {
  last_ = it;
  if (const auto wrong = load_.see(it))
    find(it, *wrong);
  if (const auto wrong = tree_.see(it))
    find(it, *wrong);
  switch (it.what) {
  case fact_kind::run_asked:
    runs_[it.run].budget = it.number;
    return;
  case fact_kind::run_told:
    return see_told(it);
  case fact_kind::run_ended:
    return see_end(it);
  case fact_kind::run_not_resumed:
    return see_refused(it);
  case fact_kind::model_billed:
    return bills_.see(it);
  case fact_kind::effect_done:
    return see_effect(it);
  case fact_kind::state_written:
    return see_write(it);
  case fact_kind::state_read:
    return see_read(it);
  case fact_kind::state_unknown:
    keys_[it.name].is_certain = false;
    return;
  case fact_kind::state_lost:
    return forget_state(false);
  case fact_kind::life_began:
    return forget_state(true);
  case fact_kind::published:
  case fact_kind::feed_told:
  case fact_kind::feed_gap:
    return see_feed(it);
  case fact_kind::account_told:
    accounts_[it.name] = it;
    return;
  case fact_kind::broken:
    return find(it, it.text);
  default:
    return;
  }
}

void checker::see_refused(const fact& it) {
  auto& run = runs_[it.run];
  if (it.text.rfind("unknown_run", 0) != 0)
    return;
  // Its process died before it could tell, or its beginning could not be kept.
  if (run.is_lost || it.text.find("has ended") != std::string::npos)
    run.has_ended_untold = true;
  else if (run.has_begun)
    find(it, "a run is lost that had begun (Q1)");
}

void checker::see_told(const fact& it) {
  auto& run = runs_[it.run];
  auto& last = sequence_[{it.life, it.run}];
  if (last != 0 && it.number != last + 1)
    find(it, "a gap in a run's events");
  last = it.number;
  run.has_begun = true;
  run.is_stopping =
      it.text == "run_cancelling" || (run.is_stopping && it.number != 1);
  if (run.ends > 0 && !run.is_lost)
    find(it, "an event behind the end of a run");
  const bool is_end = it.text == "task_done" || it.text == "task_failed"
                      || it.text == "task_skipped" || it.text == "task_omitted"
                      || it.text == "task_cancelled";
  auto& ends = ends_[{it.life, it.run}];
  if (is_end && !ends.insert(it.name).second)
    find(it, "a task has ended twice (Q4)");
  if (it.text == "task_started" && ends.count(it.name) != 0)
    find(it, "a task has started behind its end (Q4)");
  if (!is_end || run.is_lost)
    return;
  // The next process tells the story anew, and it is the same; but for tasks
  // that were stopped since the journal was lost, which it does not know of.
  if (run.is_stopping && it.text != "task_done")
    run.stopped.push_back(it.name);
  const auto before = std::exchange(
      run.ended_as.try_emplace(it.name, it.text).first->second, it.text);
  if (before != it.text && before != "task_cancelled")
    find(it, "a task ended as " + before + " before (Q4)");
}

void checker::see_end(const fact& it) {
  auto& run = runs_[it.run];
  run.reported = it.number - it.other;
  // Who leaves a run stops its tasks without keeping that: they go on later.
  const auto stopped = std::exchange(run.stopped, {});
  if (it.text == "paused") {
    for (const auto& task : stopped)
      run.ended_as.erase(task);
    return;
  }
  if (it.name == "journal_failed") { // the next process goes on with it
    run.is_lost = true;
    return;
  }
  if (++run.ends > 1)
    find(it, "a run has ended twice");
}

/// P1, P4: versions rise by one, and who expects the wrong one is refused.
void checker::see_write(const fact& it) {
  auto& key = keys_[it.name];
  const bool is_shared = it.name == "c"; // its writers are told in any order
  if (!is_shared && key.is_known && it.number <= key.last)
    find(it, "a version came again or went back (P1)");
  if (!is_shared && key.is_known && key.is_certain && it.number > key.last + 1)
    find(it, "a version was left out (P1)");
  if (it.other > 0 && it.number != it.other && it.other != 1)
    find(it, "a write had an effect whose expectation was wrong (P4)");
  key.last = std::max(key.last, it.number);
  key.is_certain = true;
  key.is_known = true;
}

/// P5: a client reads what it has written.
void checker::see_read(const fact& it) {
  auto& key = keys_[it.name];
  if (!key.is_known)
    return;
  if (it.number < key.last)
    find(it, "a client reads less than it has seen (P5)");
  if (key.is_certain && it.number > key.last)
    find(it, "a client reads what nobody has written");
  key.last = std::max(key.last, it.number);
}

/// The store is in memory: a new one is empty, and goes on with higher versions
/// where it is in the same process.
void checker::forget_state(bool is_new_life) {
  for (auto& [name, key] : keys_) {
    key.is_certain = false;
    key.is_known = false;
  }
  if (!is_new_life)
    return;
  keys_.clear();
  offset_ = 0;
  published_ = 0;
}

/// R8, Q4: once for each key, however often it is tried and in however many
/// processes.
void checker::see_effect(const fact& it) {
  if (it.name.empty())
    find(it, "an effect has no key");
  if (it.number == 0 && ++effects_[it.text + ' ' + it.name] > 1)
    find(it, "an effect was done twice (R8)");
}

/// P2: offsets rise, and what is missed is told.
void checker::see_feed(const fact& it) {
  if (it.what == fact_kind::published) {
    if (it.number != 0 && it.number <= published_)
      find(it, "an offset came again (P1)");
    published_ = std::max(published_, it.number);
    return;
  }
  if (it.number <= offset_)
    find(it, "a follower was told something twice (P2)");
  offset_ = it.what == fact_kind::feed_gap ? it.other : it.number;
}

/// B1 to B4, B6 at the end of all.
void checker::check_money() {
  for (const auto& it : bills_.problems_in(accounts_))
    find(last_, it);
  std::int64_t sum = 0;
  for (const auto& [path, it] : accounts_) {
    const auto depth = std::count(path.begin(), path.end(), '/');
    if (depth == 1)
      sum += it.number;
    if (depth != 1 || !it.run)
      continue;
    const auto& run = runs_[it.run];
    const bool is_honest = bills_.is_honest(path);
    if (it.other == 0 && run.budget != 0 && it.number > run.budget)
      find(it, "more was spent than the budget of the run (B1)");
    if (it.other > 0 && is_honest)
      find(it, "an overrun that no model has reported (B3)");
    if (is_honest && run.ends > 0 && it.number < run.reported)
      find(it, "the report tells of more than the ledger (B6)");
  }
  const auto root = accounts_.find("default");
  if (root != accounts_.end() && root->second.number < sum)
    find(root->second, "the parts sum up to more than the whole (B6)");
}

/// Q1: what has begun ends, once.
void checker::check_runs() {
  for (const auto& [id, run] : runs_) {
    if (!run.has_begun || run.ends > 0 || run.has_ended_untold)
      continue;
    last_.run = id;
    find(last_, "a run has no end (Q1)");
  }
}

} // namespace

std::vector<std::string> broken_promises(const history& all) {
  return checker{}.check(all);
}

} // namespace troupe::testing::sim
