// Random lives of agents, and what must hold of all of them.
#include "support/actors/health_ward.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>
#include <random>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::agent_condition;
using protocol::errc;
using protocol::health_step;
using test::ward;

namespace {

/// What must hold of every history: `may` says which step may follow which.
struct observer {
  void see(const health_step& it, protocol::instant now) {
    static const std::map<agent_condition, std::vector<agent_condition>> may{
        {agent_condition::well,
         {agent_condition::drained, agent_condition::replaced}},
        {agent_condition::drained,
         {agent_condition::restarted, agent_condition::probation}},
        {agent_condition::restarted,
         {agent_condition::probation, agent_condition::replaced}},
        {agent_condition::probation,
         {agent_condition::well, agent_condition::replaced}},
        {agent_condition::replaced, {agent_condition::probation}}};
    CHECK(it.from == states[it.agent]);
    const auto& next = may.at(it.from);
    CHECK(std::find(next.begin(), next.end(), it.to) != next.end());
    CHECK_FALSE(it.why.empty());
    states[it.agent] = it.to;
    since[it.agent] = now;
    if (it.to != agent_condition::restarted)
      return;
    CHECK(now - last_restart >= 1s);
    last_restart = now;
  }

  [[nodiscard]] std::size_t away() const {
    std::size_t count = 0;
    for (const auto& [name, state] : states)
      count += state == agent_condition::drained
                       || state == agent_condition::restarted
                   ? 1
                   : 0;
    return count;
  }

  std::map<std::string, agent_condition> states;
  std::map<std::string, protocol::instant> since;
  protocol::instant last_restart{};
};

} // namespace

TEST_CASE("whatever happens, agents come back when they are well again",
          "[health_rules]") {
  const auto seed = GENERATE(range(1U, 40U));
  INFO("seed " << seed);
  std::mt19937 random{seed};
  const std::size_t agents = 1 + seed % 5;
  ward it{agents};
  observer seen;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < agents; ++i)
    names.push_back("a" + std::to_string(i));
  const auto look = [&] {
    for (const auto& step : std::exchange(it.steps, {}))
      seen.see(step, it.now);
    const auto most = std::max<std::size_t>(agents / 2, 1);
    CHECK(seen.away() <= most);
    // Sooner or later one that is drained is started again by itself.
    for (const auto& [name, state] : seen.states)
      if (state == agent_condition::drained)
        CHECK(it.now - seen.since[name] <= 45s);
  };
  const auto step = [&](bool may_fail) {
    const auto at = it.rules.choose(names, it.now);
    const bool fails = may_fail && (at + seed) % 2 == 0 && random() % 10 != 0;
    if (it.rules.may_be_given(names[at]))
      it.task(names[at],
              fails ? std::optional{errc::agent_failed} : std::nullopt,
              std::chrono::milliseconds{random() % 300});
    if (random() % 4 == 0)
      it.wait(std::chrono::milliseconds{random() % 5'000});
    for (const auto& name : names)
      if (seen.states[name] == agent_condition::restarted && random() % 3 == 0)
        it.start(name);
    it.advance();
    look();
  };
  for (int i = 0; i < 400; ++i)
    step(true);
  for (int i = 0; i < 4'000 && !it.rules.are_all_well(); ++i)
    step(false);
  CHECK(it.rules.are_all_well());
}
