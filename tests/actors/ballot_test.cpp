#include "support/actors/show_result.hpp"
#include "support/virtual_time.hpp"
#include "troupe/actors/ballot.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::vote_state;
using namespace std::chrono_literals;

namespace {

using call = protocol::coordination<protocol::call_vote>;
using cast = protocol::coordination<protocol::cast_vote>;
using result = protocol::coordination<protocol::vote_result>;

/// A hall of voters that say what a test tells them.
struct hall {
  test::virtual_time world;
  std::vector<result> results;
  std::vector<ballot_voter> voters;
  vote_listener_actor listener = world.keep(world.system().spawn([this] {
    return vote_listener_actor::behavior_type{[this](const result& it) {
      results.push_back(it);
    }};
  }));

  /// Says each of `options` in turn; silent with none. Votes as `alias`.
  void add(const std::string& name, std::vector<std::string> options,
           std::string alias = {}) {
    if (alias.empty())
      alias = name;
    voters.push_back(
        {name,
         world.keep(world.system().spawn(
             [options,
              alias](voter_actor::pointer self) -> voter_actor::behavior_type {
               return {[self, options, alias](const call& msg) {
                 const auto to =
                     caf::actor_cast<ballot_actor>(self->current_sender());
                 for (const auto& it : options)
                   self->send(to, cast{{},
                                       {msg.body.proposal, msg.body.round,
                                        msg.body.hash, alias, it, "p"}});
               }};
             }))});
  }
  protocol::result<ballot_actor> open(std::uint32_t quorum) {
    ballot_config config;
    config.call = {{1, 1},           1, "h", "?", {"yes", "no"}, quorum,
                   world.now() + 10s};
    config.voters = voters;
    config.listener = listener;
    config.clock = world.clock();
    auto started = spawn_ballot(world.system(), std::move(config));
    if (started)
      world.keep(*started);
    world.run();
    return started;
  }
};

} // namespace

TEST_CASE("a ballot calls its voters and tells what the quorum said",
          "[ballot]") {
  hall it;
  it.add("ann", {"yes"});
  it.add("bob", {"no"});
  it.add("eve", {"yes"});
  REQUIRE(it.open(2));
  REQUIRE(it.results.size() == 1);
  CHECK(it.results.front().body.state == vote_state::decided);
  CHECK(it.results.front().body.option == "yes");
  it.world.advance(20s);
  CHECK(it.results.size() == 1);
}

TEST_CASE("N7: a ballot without a quorum ends at its deadline, undecided",
          "[ballot]") {
  hall it;
  it.add("ann", {"yes"});
  it.add("bob", {});
  it.add("eve", {});
  REQUIRE(it.open(2));
  it.world.advance(9s);
  CHECK(it.results.empty());
  it.world.advance(2s);
  REQUIRE(it.results.size() == 1);
  CHECK(it.results.front().body.state == vote_state::no_decision);
}

TEST_CASE("N7: equivocation and votes in another's name do not count",
          "[ballot]") {
  hall it;
  it.add("ann", {"yes", "no"});
  it.add("bob", {"yes"}, "eve");
  it.add("eve", {"no"});
  REQUIRE(it.open(2));
  it.world.advance(11s);
  REQUIRE(it.results.size() == 1);
  const auto& out = it.results.front().body;
  CHECK(out.state == vote_state::no_decision);
  CHECK(out.equivocators == std::vector<std::string>{"ann"});
  CHECK(out.counts.front().votes == 0);
  CHECK(out.counts.back().votes == 1);
}

TEST_CASE("a ballot does not wait for voters that have died", "[ballot]") {
  hall it;
  it.add("ann", {"yes"});
  it.add("bob", {});
  it.add("eve", {});
  REQUIRE(it.open(3));
  CHECK(it.results.empty());
  it.world.end(it.voters.back().handle, caf::exit_reason::kill);
  REQUIRE(it.results.size() == 1);
  CHECK(it.results.front().body.state == vote_state::no_decision);
}

TEST_CASE("a ballot that is ended early tells that nothing was decided",
          "[ballot]") {
  hall it;
  it.add("ann", {});
  const auto ballot = it.open(1);
  REQUIRE(ballot);
  it.world.end(*ballot, caf::exit_reason::kill);
  REQUIRE(it.results.size() == 1);
  CHECK(it.results.front().body.state == vote_state::no_decision);
}

TEST_CASE("a ballot with two votes for one agent is refused", "[ballot]") {
  hall it;
  it.add("ann", {"yes"});
  it.voters.push_back({"anna", it.voters.front().handle});
  CHECK(it.open(2).error().code == errc::invalid_request);
  it.voters.pop_back();
  CHECK(it.open(2).error().code == errc::invalid_request);
  CHECK(it.open(1));
}
