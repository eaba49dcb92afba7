#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"
#include "topic_rules.hpp"

#include <array>
#include <map>

using namespace troupe;
using namespace troupe::actors;
using protocol::instant;
using protocol::test::random_source;

namespace {

constexpr std::array<const char*, 6> topics{"a",     "a.b", "a.b.c",
                                            "a.b.d", "a.e", "f"};
constexpr std::array<const char*, 7> filters{"a", "a.", "a.b",  "a.b.",
                                             "f", ".",  "a.b.d"};

/// What one subscription has seen, checked against all that was published.
struct witness {
  std::string filter;
  std::uint64_t credit = 0;
  std::uint64_t window = 0;
  std::uint64_t next = 0; ///< All matches below were delivered or told as gone.
};

/// Random publishers, followers and grants, with a full log beside them.
class random_hub {
public:
  explicit random_hub(std::uint64_t seed)
      : source_(seed), rules_(limits(source_), 1) {}

  void play(std::size_t steps) {
    for (std::size_t i = 0; i < steps; ++i) {
      now_ += std::chrono::milliseconds{source_.below(50)};
      const auto dice = source_.below(20);
      if (dice < 12)
        publish();
      else if (dice < 17)
        grant(1 + source_.below(6));
      else if (dice < 19)
        follow();
      else
        end();
    }
  }

  /// With credit enough everybody has seen, or been told of, everything.
  void settle() {
    for (auto& [number, it] : witnesses_) {
      for (int i = 0; i < 100; ++i)
        grant_to(number, it, it.window);
      REQUIRE(match(it.filter, it.next) == 0);
    }
  }

private:
  static topic_limits limits(random_source& source) {
    topic_limits it;
    it.messages_max = 1 + source.below(12);
    it.bytes_max = 1'000 + source.below(9'000);
    it.subscriptions_max = 12;
    return it;
  }
  static protocol::id name(std::uint64_t number) { return {3, number}; }

  /// The first offset at or behind `from` whose topic matches; 0: none.
  [[nodiscard]] std::uint64_t match(const std::string& filter,
                                    std::uint64_t from) const {
    for (auto offset = std::max<std::uint64_t>(from, 1); offset <= log_.size();
         ++offset)
      if (protocol::topic_matches(filter, log_[offset - 1]))
        return offset;
    return 0;
  }

  void deliver(witness& it, std::uint64_t offset) {
    REQUIRE(match(it.filter, it.next) == offset); // none left out, none twice
    REQUIRE(it.credit > 0);
    --it.credit;
    it.next = offset + 1;
  }

  void deliver(witness& it, const topic_rules::catch_up& all) {
    if (all.gap_first != 0) {
      REQUIRE(all.gap_first >= it.next);
      REQUIRE(all.gap_last + 1 == rules_.ring().first());
      const auto owed = match(it.filter, it.next);
      REQUIRE((owed == 0 || owed >= all.gap_first));
      it.next = all.gap_last + 1;
    }
    for (const auto offset : all.offsets)
      deliver(it, offset);
  }

  void publish() {
    const std::string topic = topics.at(source_.below(topics.size()));
    const auto done =
        rules_.publish({topic, "", std::string(source_.below(800), 'x')}, now_);
    REQUIRE(done);
    log_.push_back(topic);
    REQUIRE(done->offset == log_.size());
    std::size_t expected = 0;
    for (const auto& [number, it] : witnesses_)
      expected += protocol::topic_matches(it.filter, topic) ? 1U : 0U;
    REQUIRE(done->followers == expected);
    for (const auto which : rules_.receivers())
      deliver(witnesses_.at(rules_.name_of(which).low), done->offset);
  }

  void follow() {
    witness it;
    it.filter = filters.at(source_.below(filters.size()));
    it.window = 1 + source_.below(5);
    it.credit = it.window;
    const auto from = source_.coin() ? 0 : 1 + source_.below(log_.size() + 1);
    it.next = from == 0 ? log_.size() + 1 : from;
    const auto number = ++last_;
    const auto first = rules_.follow(
        number, {it.filter, static_cast<std::uint32_t>(it.window), from},
        name(number), now_);
    if (!first)
      return; // full
    deliver(witnesses_[number] = it, *first);
  }

  void grant_to(std::uint64_t number, witness& it, std::uint64_t count) {
    it.credit = std::min(it.window, it.credit + count);
    deliver(it, rules_.grant({name(number), static_cast<std::uint32_t>(count)},
                             now_));
  }

  void grant(std::uint64_t count) {
    if (witnesses_.empty())
      return;
    auto it = witnesses_.begin();
    std::advance(it, source_.below(witnesses_.size()));
    grant_to(it->first, it->second, count);
  }

  void end() {
    if (witnesses_.empty())
      return;
    const auto number = witnesses_.begin()->first;
    if (source_.coin())
      REQUIRE(rules_.end(name(number)));
    else
      REQUIRE(rules_.forget(number).size() == 1);
    witnesses_.erase(number);
    REQUIRE(rules_.all().size() == witnesses_.size());
  }

  random_source source_;
  topic_rules rules_;
  instant now_{std::chrono::hours{1}};
  std::vector<std::string> log_;
  std::map<std::uint64_t, witness> witnesses_;
  std::uint64_t last_ = 0;
};

} // namespace

TEST_CASE("P2: every follower gets or is told to miss each message, in order",
          "[topic_rules]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    CAPTURE(seed);
    random_hub hub{seed};
    hub.play(400);
    hub.settle();
  }
}
