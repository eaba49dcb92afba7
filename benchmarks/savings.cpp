// What does it save to give each task and agent a model of its tier, rather
// than one model to all?
//
// A1, the crew: examples/missions/crew-of-8.yaml as planned, each task at the
// cheapest model of its tier and priority, against all at the cheapest expert,
// and the same tokens at the prices a token of the system that A1 comes from.
// B6, the month: the 47 agents of examples/roster; calls with the lengths of an
// hour of real traffic (data/azure-llm-2023), dealt to the agents in turn; each
// at the cheapest model of its agent's tier that fits, against the same calls
// at the cheapest expert that fits. Tokens are the same on both sides ("same
// work"); no cache on either. The ratio does not depend on how many such hours
// a month has, so the month is told as what 1,058 USD become.
#include "measure.hpp"

#include <troupe/actors/plan.hpp>
#include <troupe/actors/router_rules.hpp>
#include <troupe/protocol/token_counter.hpp>
#include <troupe/runtime/catalogue.hpp>
#include <troupe/runtime/config.hpp>
#include <troupe/runtime/mission_file.hpp>
#include <troupe/runtime/roster.hpp>

#include <algorithm>
#include <cstdio>
#include <fstream>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;
using models = std::vector<protocol::model_spec>;

/// Of priced models that any call may get; of one provider, or of all.
models priced_models(std::string_view provider) {
  models all;
  for (const auto& it : troupe::catalogue::built_in().all())
    if (!it.prices.empty() && it.prices.front().input > protocol::money{}
        && (provider.empty() || it.provider == provider)) {
      all.push_back(it);
      all.back().pinned_only = false;
    }
  return all;
}

/// At the cheapest model of at least `level` that fits; nothing fits: none.
std::optional<double> cost_at(const models& offered, protocol::tier level,
                              std::uint64_t prompt, std::uint32_t output) {
  actors::model_need need;
  need.level = level;
  need.prompt_tokens = prompt;
  need.output_tokens = output;
  const auto chosen = actors::choose_models(offered, need);
  if (!chosen)
    return std::nullopt;
  protocol::usage used;
  used.input = prompt;
  used.output = output;
  return static_cast<double>(cost_of(offered[chosen->front()], used).nano_usd)
         * 1e-9;
}

struct bill {
  double uniform = 0;
  double tiered = 0;
  std::uint64_t calls = 0;

  [[nodiscard]] double saved_percent() const {
    return (1 - tiered / uniform) * 100;
  }
  void add(const models& offered, protocol::tier level, std::uint64_t prompt,
           std::uint32_t output) {
    const auto all_same =
        cost_at(offered, protocol::tier::expert, prompt, output);
    const auto own = cost_at(offered, level, prompt, output);
    if (!all_same || !own)
      return;
    uniform += *all_same;
    tiered += *own;
    ++calls;
  }
};

struct length {
  std::uint64_t prompt = 0;
  std::uint32_t output = 0;
};

std::vector<length> real_lengths() {
  std::vector<length> all;
  for (const auto* name : {"conv", "code"}) {
    std::ifstream file{TROUPE_SHARED_DATA_DIR "/azure-llm-2023/"
                       + std::string(name) + ".csv"};
    std::string line;
    std::getline(file, line); // names of columns
    while (std::getline(file, line)) {
      length it;
      const auto comma = line.find(',');
      if (comma != std::string::npos
          && std::sscanf(line.c_str() + comma, ",%lu,%u", &it.prompt,
                         &it.output)
                 == 2)
        all.push_back(it);
    }
  }
  return all;
}

void print_saving(const std::string& what, const bill& it) {
  std::printf("  %-38s %9.4f -> %9.4f USD, %5.1f %% less (%lu calls)\n",
              what.c_str(), it.uniform, it.tiered, it.saved_percent(),
              static_cast<unsigned long>(it.calls));
}

void measure_crew(const models& offered) {
  const auto file =
      troupe::load_mission(TROUPE_SOURCE_DIR "/examples/missions/crew-of-8"
                                             ".yaml");
  if (!file.mission)
    wrong("examples/missions/crew-of-8.yaml cannot be read");
  const auto& mission = *file.mission;
  const auto plan = actors::plan_mission(mission, mission.agents, offered,
                                         protocol::token_estimator{});
  // A1's prices of a token, in USD, by priority from critical to low.
  constexpr double uniform_price = 1.5e-5;
  constexpr double prices[] = {2e-6, 3e-6, 3e-6, 1.5e-5};
  bill now;
  bill then;
  for (std::size_t i = 0; i < mission.tasks.size(); ++i) {
    const auto& task = mission.tasks[i];
    const auto& it = plan.estimates[i];
    const auto agent = std::find_if(
        mission.agents.begin(), mission.agents.end(),
        [&](const auto& one) { return one.card.name == task.agent; });
    const auto level = actors::tier_for(
        task, agent == mission.agents.end() ? nullptr : &agent->card);
    now.add(offered, level, it.prompt_tokens,
            static_cast<std::uint32_t>(it.output_tokens));
    const auto tokens =
        static_cast<double>(it.prompt_tokens + it.output_tokens);
    then.uniform += tokens * uniform_price;
    then.tiered += tokens * prices[static_cast<std::size_t>(task.urgency)];
    ++then.calls;
  }
  std::printf("A1: the crew of 8, as planned\n");
  print_saving("the catalogue's prices", now);
  print_saving("the former system's prices", then);
  print_goal("A1: of 100 USD are spent", 100 - now.saved_percent(), 60, "USD");
}

void measure_month(const std::string& what, const models& offered,
                   const std::vector<protocol::agent_spec>& roster,
                   const std::vector<length>& lengths, bool is_goal) {
  bill month;
  for (std::size_t i = 0; i < lengths.size(); ++i)
    month.add(offered, roster[i % roster.size()].card.level, lengths[i].prompt,
              lengths[i].output);
  print_saving(what, month);
  if (is_goal)
    print_goal("B6: 1,058 USD become",
               1'058 * (1 - month.saved_percent() / 100), 298, "USD");
}

} // namespace

int main(int argc, char** argv) {
  const options given{argc,
                      argv,
                      "What does it save to give each task a model of its "
                      "tier, rather than one model to all?",
                      {}};
  print_machine();
  measure_crew(priced_models({}));
  const auto roster = troupe::load_roster(TROUPE_SOURCE_DIR "/examples/roster");
  if (!roster.problems.empty() || roster.agents.size() != 47)
    wrong("examples/roster does not have its 47 agents");
  const auto lengths = real_lengths();
  if (lengths.empty()) {
    std::printf("B6: ../shared/data/azure-llm-2023 is not there: skipped\n");
    return 0;
  }
  std::printf("B6: the month of the 47 agents, by an hour's calls\n");
  measure_month("models of all providers", priced_models({}), roster.agents,
                lengths, true);
  for (const auto* provider : {"anthropic", "openai"})
    measure_month(std::string("models of ") + provider + " only",
                  priced_models(provider), roster.agents, lengths, false);
}
