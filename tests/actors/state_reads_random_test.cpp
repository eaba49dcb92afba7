#include "state_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"
#include "support/protocol/random_source.hpp"

#include <array>
#include <map>
#include <set>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::test::random_source;

namespace {

using state = std::map<std::string, protocol::state_change>;

/// A read that was asked for, and the revision at that time.
struct asked_read {
  state_question what;
  state_reader who;
  std::uint64_t revision = 0;
};

/// What has come of the reads.
struct tally {
  std::size_t answered = 0;
  std::size_t late = 0; ///< Showed a later revision.
  std::size_t expired = 0;
  std::size_t cancelled = 0;
  std::size_t overloaded = 0;
  std::size_t forgotten = 0;
};

/// Random writes, and reads that wait; the commits themselves say what each
/// revision was.
class reads_script {
public:
  reads_script(std::uint64_t seed, tally& counts)
      : source_(seed), limits_(random_limits()), counts_(counts) {}

  void play(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      hear();
      REQUIRE(rules_.reads().size() <= limits_.reads);
      REQUIRE(rules_.figures().reads == open_.size());
    }
    while (rules_.needs_turn())
      rules_.take_turn(now_);
    hear();
    REQUIRE(open_.empty()); // R1: each has had its outcome
  }

private:
  state_limits random_limits() {
    state_limits limits;
    limits.history = 1 + source_.below(4);
    limits.history_bytes = 1'000 + source_.below(20'000);
    limits.log_commits = 1 + source_.below(30);
    limits.deleted_keys = 1 + source_.below(5);
    limits.page_bytes = 1 + source_.below(2'000);
    limits.turn_bytes = 1 + source_.below(1'500);
    limits.reads = 1 + source_.below(12);
    return limits;
  }

  shared_update learn(protocol::state_update it) {
    REQUIRE(it.body.revision == states_.size());
    auto next = states_.back();
    for (const auto& change : it.body.changes) {
      next.erase(change.key);
      if (change.kind == protocol::state_change_kind::created
          || change.kind == protocol::state_change_kind::changed)
        next.emplace(change.key, change);
    }
    states_.push_back(std::move(next));
    return std::make_shared<test::plain_update>(std::move(it));
  }

  void step() {
    switch (source_.below(10)) {
    case 0:
    case 1:
    case 2:
      return ask();
    case 3:
      return rules_.take_turn(now_);
    case 4:
      now_ += std::chrono::milliseconds{source_.below(300)};
      return;
    case 5:
      if (source_.below(4) == 0)
        cancel();
      return;
    default:
      return write();
    }
  }

  std::string some_key() { return "k" + std::to_string(source_.below(12)); }

  void write() {
    const auto asker = source_.below(10);
    auto change = source_.below(4) == 0
                      ? test::remove_key(some_key())
                      : test::put(some_key(), std::to_string(source_.below(9)));
    if (change.operation == protocol::state_operation::put && source_.coin())
      change.ttl = std::chrono::milliseconds{1 + source_.below(2'000)};
    const auto done = rules_.write({{}, {{std::move(change)}}}, now_, asker);
    REQUIRE(done);
    if (done->versions.front() != 0)
      wrote_[asker].insert(done->revision);
  }

  void ask() {
    rules_.expire(now_);
    asked_read it;
    it.who = {++tickets_, source_.below(10), {}, {}, 100};
    if (source_.below(5) == 0)
      it.who.deadline = now_ + std::chrono::milliseconds{source_.below(400)};
    if (source_.below(3) == 0)
      it.who.scope = {1, 1 + source_.below(3)};
    const auto count = 1 + static_cast<std::uint32_t>(source_.below(12));
    if (source_.below(3) == 0)
      it.what = protocol::read_state_history{some_key(), 0, count};
    else
      it.what = protocol::list_state{source_.coin() ? "k" : "k1",
                                     source_.coin() ? "" : some_key(), count};
    it.revision = rules_.revision();
    const bool is_full = rules_.reads().size() >= limits_.reads;
    const auto begun = rules_.begin(it.who, it.what, now_);
    REQUIRE(begun.has_value() != is_full);
    if (begun)
      open_.emplace(it.who.ticket, it);
    else
      ++counts_.overloaded;
  }

  void cancel() {
    const protocol::id scope{1, 1 + source_.below(3)};
    std::set<std::uint64_t> ended;
    for (const auto& [ticket, it] : open_)
      if (it.who.scope == scope)
        ended.insert(ticket);
    hear();
    rules_.reads().cancel(scope, "enough");
    for (const auto& it : rules_.reads().take_answers()) {
      REQUIRE(it.outcome.error().code == errc::cancelled);
      REQUIRE(ended.erase(it.ticket) == 1);
      open_.erase(it.ticket);
      ++counts_.cancelled;
    }
    REQUIRE(ended.empty());
  }

  void hear() {
    for (const auto& it : rules_.reads().take_answers()) {
      const auto found = open_.find(it.ticket);
      REQUIRE(found != open_.end());
      if (!it.outcome)
        check(found->second, it.outcome.error().code);
      else if (const auto* page =
                   std::get_if<protocol::state_listed>(&*it.outcome))
        check(found->second, *page);
      else
        check(found->second, std::get<protocol::state_history>(*it.outcome));
      open_.erase(found);
    }
  }

  /// True when its asker wrote behind it, up to a revision.
  bool has_written(const asked_read& it, std::uint64_t until) {
    const auto& all = wrote_[it.who.asker];
    const auto first = all.upper_bound(it.revision);
    return first != all.end() && *first <= until;
  }

  void check(const asked_read& it, errc code) {
    if (code == errc::deadline_exceeded) {
      REQUIRE(protocol::has_passed(it.who.deadline, now_));
      ++counts_.expired;
      return;
    }
    REQUIRE(code == errc::overloaded);
    REQUIRE(has_written(it, rules_.revision()));
    ++counts_.forgotten;
  }

  /// R6, P5: the revision at the time of asking, or a later one without a
  /// later write of the asker.
  void check_revision(const asked_read& it, std::uint64_t shown) {
    REQUIRE_FALSE(protocol::has_passed(it.who.deadline, now_));
    ++counts_.answered;
    if (shown == it.revision)
      return;
    REQUIRE(shown > it.revision);
    REQUIRE_FALSE(has_written(it, shown));
    ++counts_.late;
  }

  void check(const asked_read& it, const protocol::state_listed& page) {
    check_revision(it, page.revision);
    const auto& ask = std::get<protocol::list_state>(it.what);
    std::vector<protocol::state_change> all;
    for (const auto& [key, change] : states_.at(page.revision))
      if (key.starts_with(ask.prefix) && key > ask.after)
        all.push_back(change);
    const auto count = page.entries.size();
    REQUIRE(count <= std::min<std::size_t>(all.size(), ask.count_max));
    REQUIRE(page.has_more == (count < all.size()));
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < count; ++i) {
      REQUIRE(page.entries[i].key == all[i].key);
      REQUIRE(page.entries[i].version == all[i].version);
      REQUIRE(page.entries[i].value == all[i].value);
      bytes += state_cost(all[i].key, all[i].value);
    }
    if (page.has_more && count < ask.count_max) // cut by its bytes
      REQUIRE(bytes + state_cost(all[count].key, all[count].value)
              > limits_.page_bytes);
  }

  void check(const asked_read& it, const protocol::state_history& past) {
    check_revision(it, past.revision);
    const auto& ask = std::get<protocol::read_state_history>(it.what);
    const auto& versions = past.versions;
    REQUIRE(versions.size()
            <= std::min<std::size_t>(ask.count_max, limits_.history + 1));
    for (std::size_t i = 0; i < versions.size(); ++i) {
      REQUIRE(versions[i].revision <= past.revision);
      if (i > 0)
        REQUIRE(versions[i].change.version + 1
                == versions[i - 1].change.version);
    }
    const auto& then = states_.at(past.revision);
    if (const auto now = then.find(ask.key); now != then.end()) {
      REQUIRE_FALSE(versions.empty());
      REQUIRE(versions[0].change.version == now->second.version);
    }
  }

  random_source source_;
  state_limits limits_;
  tally& counts_;
  std::vector<state> states_{{}}; ///< By revision.
  state_rules rules_{limits_, [this](protocol::state_update it) {
                       return learn(std::move(it));
                     }};
  protocol::instant now_{std::chrono::seconds{1'800'000'000}};
  std::uint64_t tickets_ = 0;
  std::map<std::uint64_t, asked_read> open_; ///< By ticket.
  /// By asker: the revisions of its writes.
  std::map<std::uint64_t, std::set<std::uint64_t>> wrote_;
};

} // namespace

TEST_CASE("R1, R6, P5: reads that wait among random writes are answered once, "
          "as of when they were asked for",
          "[state_random]") {
  tally counts;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    INFO("seed " << seed);
    reads_script script{seed, counts};
    script.play(600);
  }
  INFO(counts.answered << " answered, " << counts.late << " of them late, "
                       << counts.expired << " expired, " << counts.cancelled
                       << " cancelled, " << counts.overloaded << " overloaded, "
                       << counts.forgotten << " forgotten");
  CHECK(counts.answered > 5'000);
  CHECK(counts.late > 100);
  CHECK(counts.expired > 100);
  CHECK(counts.cancelled > 100);
  CHECK(counts.overloaded > 100);
  CHECK(counts.forgotten > 100);
}
