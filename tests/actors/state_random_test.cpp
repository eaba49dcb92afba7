#include "state_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"
#include "support/protocol/random_source.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::instant;
using protocol::state_operation;
using protocol::test::random_source;

namespace {

const std::array<std::string, 9> key_names{"a",   "a/1", "a/2", "a/2/x", "ab",
                                           "b/1", "b/2", "c",   "d"};
const std::array<std::string, 5> prefixes{"", "a", "a/", "b", "d"};

struct model_entry {
  std::uint64_t version = 0;
  std::string value;
  instant expires{};
};
using model_state = std::map<std::string, model_entry>;

state_limits small_limits(random_source& source) {
  state_limits limits;
  limits.changes = 16;
  limits.keys = 6 + source.below(4);
  limits.history = 1 + source.below(4);
  limits.history_bytes = 500 + source.below(20'000);
  limits.deleted_keys = 1 + source.below(4);
  limits.log_commits = 1 + source.below(40);
  limits.log_bytes = 500 + source.below(20'000);
  limits.page_bytes = 1 + source.below(1'000);
  limits.subscriptions = 12;
  limits.turn_bytes = 1 + source.below(3'000);
  return limits;
}

/// One follower as the model sees it.
struct model_follower {
  protocol::id name;
  std::uint64_t owner = 0;
  state_filter filter;
  state_view view;
  std::uint32_t window = 0;
  std::uint32_t credit = 0;
};

/// Does random things to the rules and to a plain model of them.
class random_script {
public:
  explicit random_script(std::uint64_t seed)
      : source_(seed), limits_(small_limits(source_)), desk_(limits_) {}

  void play(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      hear(source_.coin());
      check_bounds();
    }
    finish();
  }

  std::size_t conflicts = 0;
  std::size_t refused = 0;
  std::size_t restarts = 0;
  [[nodiscard]] std::uint64_t gaps() const {
    return desk_.rules.figures().gaps;
  }
  [[nodiscard]] std::size_t commits() const { return states_.size(); }

private:
  void step() {
    switch (source_.below(12)) {
    case 0:
      return subscribe();
    case 1:
      return end_one();
    case 2:
    case 3:
      return grant();
    case 4:
      desk_.now += std::chrono::milliseconds{source_.below(900)};
      return;
    case 5:
      return look();
    default:
      return write();
    }
  }

  const std::string& some_key() {
    return key_names.at(source_.below(key_names.size()));
  }
  const model_state& now() const { return states_.back(); }
  std::uint64_t version_of(const std::string& key) const {
    const auto it = now().find(key);
    return it == now().end() ? 0 : it->second.version;
  }

  /// What the rules do first in each call that has a time.
  void expire() {
    auto next = now();
    for (const auto& [key, entry] : now())
      if (entry.expires != instant{} && entry.expires <= desk_.now) {
        next.erase(key);
        ++highest_[key];
      }
    if (next.size() != now().size())
      states_.push_back(std::move(next));
  }

  std::vector<protocol::state_write> random_changes() {
    std::vector<protocol::state_write> changes;
    std::set<std::string> used;
    for (auto count = 1 + source_.below(4); count > 0; --count) {
      const auto& key = some_key();
      if (!used.insert(key).second)
        continue;
      auto& it = changes.emplace_back();
      it.key = key;
      const auto dice = source_.below(10);
      it.operation = dice < 6   ? state_operation::put
                     : dice < 9 ? state_operation::remove
                                : state_operation::check;
      const auto version = version_of(key);
      if (it.operation == state_operation::check || source_.below(3) == 0)
        it.expected = source_.below(8) == 0 ? version + 1 : version;
      if (it.operation != state_operation::put)
        continue;
      it.value = std::to_string(source_.below(1'000'000));
      if (source_.below(4) == 0)
        it.ttl = std::chrono::milliseconds{1 + source_.below(3'000)};
    }
    return changes;
  }

  void write() {
    expire();
    const auto changes = random_changes();
    const auto outcome = desk_.write(changes);
    const bool is_conflict =
        std::any_of(changes.begin(), changes.end(), [&](const auto& it) {
          return it.expected && *it.expected != version_of(it.key);
        });
    REQUIRE((!outcome && outcome.error().code == errc::version_conflict)
            == is_conflict);
    conflicts += is_conflict ? 1 : 0;
    if (is_conflict)
      return;
    auto next = now();
    bool has_effect = false;
    for (std::size_t i = 0; i < changes.size(); ++i)
      has_effect |= apply(changes[i], outcome ? outcome->versions[i] : 0,
                          outcome.has_value(), next);
    REQUIRE(outcome.has_value() == (next.size() <= limits_.keys));
    if (!outcome) {
      CHECK(outcome.error().code == errc::limit_exceeded);
      ++refused;
      return;
    }
    if (has_effect)
      states_.push_back(std::move(next));
    REQUIRE(outcome->revision == states_.size() - 1);
  }

  bool apply(const protocol::state_write& it, std::uint64_t version,
             bool is_done, model_state& next) {
    const auto before = version_of(it.key);
    if (it.operation == state_operation::check
        || (it.operation == state_operation::remove && before == 0)) {
      REQUIRE((!is_done || version == before));
      return false;
    }
    if (is_done) {
      // P1: one more, or above all it ever had.
      REQUIRE(
          (before == 0 ? version > highest_[it.key] : version == before + 1));
      highest_[it.key] = version;
    }
    if (it.operation == state_operation::remove) {
      next.erase(it.key);
    } else {
      const auto expires = it.ttl.count() == 0 ? instant{} : desk_.now + it.ttl;
      next.insert_or_assign(it.key, model_entry{version, it.value, expires});
    }
    return true;
  }

  void subscribe() {
    expire();
    model_follower it;
    it.name = {1, ++desk_.names};
    it.owner = source_.below(5);
    it.filter.is_prefix = source_.coin();
    it.filter.key = it.filter.is_prefix
                        ? prefixes.at(source_.below(prefixes.size()))
                        : some_key();
    it.window = 1 + static_cast<std::uint32_t>(source_.below(6));
    it.credit = it.window;
    const auto slot = desk_.rules.subscribe(
        {it.filter.key, it.filter.is_prefix, 0, it.window}, it.name, it.owner,
        desk_.now);
    const bool overlaps =
        std::any_of(followers_.begin(), followers_.end(), [&](const auto& f) {
          return f.second.owner == it.owner
                 && f.second.filter.overlaps(it.filter);
        });
    const bool is_full = followers_.size() >= limits_.subscriptions;
    REQUIRE(slot.has_value() == (!overlaps && !is_full));
    if (slot)
      REQUIRE(followers_.emplace(*slot, std::move(it)).second);
  }

  /// One leaves, dies, or leaves and comes back with what it knows.
  void end_one() {
    if (followers_.empty())
      return;
    auto at = followers_.begin();
    std::advance(at, source_.below(followers_.size()));
    auto it = at->second;
    if (source_.coin()) {
      auto slots = desk_.rules.followers().remove_owner(it.owner);
      for (const auto slot : slots) {
        REQUIRE(followers_.at(slot).owner == it.owner);
        followers_.erase(slot);
      }
      REQUIRE(desk_.rules.followers().is_gone(it.owner));
      return;
    }
    REQUIRE(desk_.rules.followers().remove(it.name) == at->first);
    followers_.erase(at);
    if (!it.view.is_current() || it.view.revision() == 0)
      return;
    expire();
    it.name = {1, ++desk_.names};
    it.credit = it.window;
    const auto slot = desk_.rules.subscribe(
        {it.filter.key, it.filter.is_prefix, it.view.revision(), it.window},
        it.name, it.owner, desk_.now);
    REQUIRE(slot);
    followers_.emplace(*slot, std::move(it));
  }

  void grant() {
    if (followers_.empty())
      return;
    expire();
    desk_.rules.expire(desk_.now);
    hear(false);
    auto at = followers_.begin();
    std::advance(at, source_.below(followers_.size()));
    auto& it = at->second;
    const auto more = static_cast<std::uint32_t>(source_.below(9));
    desk_.grant(it.name, more);
    it.credit = std::min(it.window, it.credit + more);
  }

  void look() {
    expire();
    const auto& key = some_key();
    const auto seen = desk_.rules.read({key, states_.size() - 1}, desk_.now);
    REQUIRE(seen);
    const auto known = now().find(key);
    REQUIRE(seen->entry.has_value() == (known != now().end()));
    if (seen->entry)
      REQUIRE(seen->entry->value == known->second.value);
    const auto past = desk_.history({key, 0, 1'000})->versions;
    REQUIRE(past.size() <= limits_.history + 1);
    for (std::size_t i = 1; i < past.size(); ++i)
      REQUIRE(past[i].change.version + 1 == past[i - 1].change.version);
    if (!past.empty())
      REQUIRE(past[0].change.version == highest_[key]);
  }

  /// Hands the deliveries to the views and compares these with the model.
  void hear(bool is_settled) {
    if (is_settled) {
      expire();
      desk_.rules.take_turn(desk_.now);
      desk_.settle();
    }
    for (const auto& it : desk_.taken()) {
      auto& to = followers_.at(it.slots.front()); // P7: nobody who has left
      REQUIRE(to.credit > 0);
      --to.credit;
      if (const auto* part = std::get_if<protocol::state_resync>(&it.message))
        restarts += part->part == 0 ? 1 : 0;
      REQUIRE(test::apply(to.view, it) != view_step::broken); // P2
      check(to);
    }
    for (auto& [slot, it] : followers_)
      if (is_settled && it.credit > 0) { // all that is committed has been sent
        REQUIRE(it.view.is_current());
        check(it, states_.size() - 1);
      }
  }

  void check(const model_follower& it) const {
    if (it.view.is_current()) // P3, P6: the state of exactly one revision
      check(it, it.view.revision());
  }
  void check(const model_follower& it, std::uint64_t revision) const {
    std::size_t count = 0;
    for (const auto& [key, entry] : states_.at(revision)) {
      if (!it.filter.matches(key))
        continue;
      ++count;
      const auto* seen = it.view.find(key);
      REQUIRE(seen != nullptr);
      REQUIRE(seen->version == entry.version);
      REQUIRE(seen->value == entry.value);
      REQUIRE(seen->expires == entry.expires);
    }
    REQUIRE(it.view.entries().size() == count);
  }

  void check_bounds() const {
    const auto figures = desk_.rules.figures();
    REQUIRE(figures.revision == states_.size() - 1);
    REQUIRE(figures.keys == now().size());
    REQUIRE(figures.deleted_keys <= limits_.deleted_keys);
    REQUIRE(figures.history_bytes <= limits_.history_bytes);
    REQUIRE(figures.log_commits <= limits_.log_commits);
    REQUIRE(figures.subscriptions == followers_.size());
    const auto with_credit = static_cast<std::size_t>(
        std::count_if(followers_.begin(), followers_.end(),
                      [](const auto& it) { return it.second.credit > 0; }));
    REQUIRE(figures.live + figures.behind == with_credit);
  }

  void finish() {
    hear(true);
    for (int i = 0; i < 200; ++i) {
      for (auto& [slot, it] : followers_) {
        desk_.grant(it.name, it.window);
        it.credit = it.window;
      }
      hear(true);
    }
    for (auto& [slot, it] : followers_)
      check(it, states_.size() - 1);
  }

  random_source source_;
  state_limits limits_;
  test::state_desk desk_;
  std::vector<model_state> states_{{}}; ///< By revision.
  std::map<std::string, std::uint64_t> highest_;
  std::map<std::size_t, model_follower> followers_; ///< By slot.
};

} // namespace

TEST_CASE("P1-P8: random scripts keep every promise", "[state_random]") {
  std::size_t conflicts = 0;
  std::size_t refused = 0;
  std::size_t commits = 0;
  std::uint64_t gaps = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    random_script script{seed};
    script.play(1'000);
    conflicts += script.conflicts;
    refused += script.refused;
    commits += script.commits();
    gaps += script.gaps();
  }
  INFO(commits << " commits, " << conflicts << " conflicts, " << refused
               << " refused, " << gaps << " gaps");
  CHECK(commits > 10'000);
  CHECK(conflicts > 500);
  CHECK(refused > 100);
  CHECK(gaps > 100);
}
