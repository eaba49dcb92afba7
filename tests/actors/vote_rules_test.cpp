#include "support/actors/show_result.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/vote_rules.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::instant;
using protocol::vote_state;
using protocol::test::random_source;
using verdict = vote_rules::verdict;
using names = std::vector<std::string>;
using namespace std::chrono_literals;

namespace {

const instant start{1'000s};

protocol::call_vote call_of(std::uint32_t quorum) {
  return {{1, 1}, 2,          "hash", "merge?", {"yes", "no", "later"},
          quorum, start + 10s};
}

protocol::cast_vote vote_of(std::string agent, std::string option,
                            std::string provider = {}) {
  return {{1, 1},
          2,
          "hash",
          std::move(agent),
          std::move(option),
          std::move(provider)};
}

vote_rules opened(std::uint32_t quorum, const names& voters) {
  auto rules = vote_rules::open(call_of(quorum), voters);
  REQUIRE(rules);
  return std::move(*rules);
}

verdict cast(vote_rules& rules, const std::string& agent,
             const std::string& option, const std::string& provider = {}) {
  return rules.cast(vote_of(agent, option, provider), agent, start);
}

} // namespace

TEST_CASE("a quorum of equal votes decides, at once", "[vote_rules]") {
  auto rules = opened(2, {"ann", "bob", "eve"});
  CHECK(cast(rules, "ann", "yes", "openai") == verdict::counted);
  CHECK_FALSE(rules.result());
  CHECK(cast(rules, "bob", "yes", "openai") == verdict::counted);
  REQUIRE(rules.result());
  CHECK(rules.result()->state == vote_state::decided);
  CHECK(rules.result()->option == "yes");
  CHECK(rules.result()->counts.front().votes == 2);
  CHECK(rules.result()->voters == 3);
  CHECK(cast(rules, "eve", "no") == verdict::late);
}

TEST_CASE("N8: the result tells how many providers stand behind it",
          "[vote_rules]") {
  auto rules = opened(3, {"ann", "bob", "eve"});
  cast(rules, "ann", "yes", "openai");
  cast(rules, "bob", "yes", "openai");
  cast(rules, "eve", "yes", "anthropic");
  REQUIRE(rules.result());
  CHECK(rules.result()->providers == 2);
}

TEST_CASE("N7: no quorum by the deadline is no decision, never a yes",
          "[vote_rules]") {
  auto rules = opened(3, {"ann", "bob", "eve", "joe"});
  cast(rules, "ann", "yes");
  cast(rules, "bob", "yes");
  rules.expire(start + 9s);
  CHECK_FALSE(rules.result());
  rules.expire(start + 10s);
  REQUIRE(rules.result());
  CHECK(rules.result()->state == vote_state::no_decision);
  CHECK(rules.result()->option.empty());
  auto late = opened(1, {"ann"});
  CHECK(late.cast(vote_of("ann", "yes"), "ann", start + 10s) == verdict::late);
}

TEST_CASE("N7: an equivocator is named and none of its votes counts",
          "[vote_rules]") {
  auto rules = opened(2, {"ann", "bob", "eve"});
  CHECK(cast(rules, "eve", "yes") == verdict::counted);
  CHECK(cast(rules, "eve", "yes") == verdict::repeated);
  CHECK(cast(rules, "eve", "no") == verdict::equivocated);
  CHECK(cast(rules, "eve", "yes") == verdict::equivocated);
  CHECK(cast(rules, "ann", "yes") == verdict::counted);
  CHECK_FALSE(rules.result());
  cast(rules, "bob", "yes");
  REQUIRE(rules.result());
  CHECK(rules.result()->equivocators == names{"eve"});
  CHECK(rules.result()->counts.front().votes == 2);
}

TEST_CASE("N7: a vote is bound to round, hash, proposal and agent",
          "[vote_rules]") {
  auto rules = opened(1, {"ann"});
  auto vote = vote_of("ann", "yes");
  vote.round = 1;
  CHECK(rules.cast(vote, "ann", start) == verdict::foreign);
  vote = vote_of("ann", "yes");
  vote.hash = "other";
  CHECK(rules.cast(vote, "ann", start) == verdict::foreign);
  vote = vote_of("ann", "yes");
  vote.proposal = {1, 2};
  CHECK(rules.cast(vote, "ann", start) == verdict::foreign);
  CHECK(rules.cast(vote_of("ann", "yes"), "eve", start) == verdict::stranger);
  CHECK(rules.cast(vote_of("eve", "yes"), "ann", start) == verdict::stranger);
  CHECK(cast(rules, "ann", "maybe") == verdict::unknown);
  CHECK_FALSE(rules.result());
}

TEST_CASE("a vote that no option can win any more has no decision",
          "[vote_rules]") {
  auto rules = opened(3, {"ann", "bob", "eve", "joe"});
  cast(rules, "ann", "yes");
  cast(rules, "bob", "no");
  CHECK_FALSE(rules.result());
  rules.leave("eve");
  REQUIRE(rules.result());
  CHECK(rules.result()->state == vote_state::no_decision);
}

TEST_CASE("the vote of one that has left since still counts", "[vote_rules]") {
  auto rules = opened(2, {"ann", "bob"});
  cast(rules, "ann", "yes");
  rules.leave("ann");
  cast(rules, "bob", "yes");
  REQUIRE(rules.result());
  CHECK(rules.result()->state == vote_state::decided);
}

TEST_CASE("a call that could decide two things, or nothing, is refused",
          "[vote_rules]") {
  const auto code = [](const protocol::call_vote& call, const names& voters) {
    return vote_rules::open(call, voters).error().code;
  };
  const names four{"a", "b", "c", "d"};
  CHECK(code(call_of(2), four) == errc::invalid_request);
  CHECK(code(call_of(5), four) == errc::invalid_request);
  CHECK(vote_rules::open(call_of(3), four));
  CHECK(code(call_of(1), {}) == errc::invalid_request);
  CHECK(code(call_of(2), {"a", "a"}) == errc::invalid_request);
  auto call = call_of(3);
  call.options = {"yes"};
  CHECK(code(call, four) == errc::invalid_request);
  call.options = {"yes", "yes"};
  CHECK(code(call, four) == errc::invalid_request);
  call = call_of(3);
  call.deadline = {};
  CHECK(code(call, four) == errc::invalid_request);
  call = call_of(3);
  call.hash.clear();
  CHECK(code(call, four) == errc::invalid_request);
}

TEST_CASE("N7: up to f liars among 3f + 1 never decide against the honest",
          "[vote_rules]") {
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    const auto f = 1 + source.below(4);
    const auto n = 3 * f + 1;
    names voters;
    for (std::size_t i = 0; i < n; ++i)
      voters.push_back("v" + std::to_string(i));
    auto rules = opened(static_cast<std::uint32_t>(2 * f + 1), voters);
    std::vector<std::string> honest(n);
    for (std::size_t i = f; i < n; ++i) // the first f lie
      honest[i] = source.below(4) == 0 ? "no" : "yes";
    std::vector<bool> two_faced(n);
    for (std::size_t step = 0; step < 6 * n && !rules.result(); ++step) {
      const auto who = source.below(n);
      const std::string option =
          who < f ? (source.coin() ? "yes" : "no") : honest[who];
      auto vote = vote_of(voters[who], option);
      if (who < f && source.below(3) == 0) // forged, or of an old round
        (source.coin() ? vote.agent = voters[n - 1] : vote.hash = "old");
      const auto said = rules.cast(vote, voters[who], start);
      REQUIRE((who < f || said != verdict::equivocated));
      two_faced[who] = two_faced[who] || said == verdict::equivocated;
    }
    rules.expire(start + 10s);
    REQUIRE(rules.result());
    const auto& out = *rules.result();
    if (out.state == vote_state::decided) {
      const auto backers = std::count(honest.begin() + static_cast<long>(f),
                                      honest.end(), out.option);
      REQUIRE(static_cast<std::size_t>(backers) >= f + 1);
    } else {
      REQUIRE(out.option.empty());
    }
    for (std::size_t i = 0; i < n; ++i)
      REQUIRE(two_faced[i]
              == (std::count(out.equivocators.begin(), out.equivocators.end(),
                             voters[i])
                  == 1));
  }
}
