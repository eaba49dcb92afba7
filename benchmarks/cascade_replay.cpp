// What does a cascade cost, and how often is its answer right, on recorded
// answers of many models to the same prompts?
//
// Prompts are split by a seed into two halves; which models are the cheapest,
// the best and the best of each type is found on the first, and all is counted
// on the second. A cascade asks the cheaper model first and the best where a
// verifier turns the answer down; the actor's own rules decide. The verifier is
// told whether the answer is right and is wrong itself in so many of a hundred
// cases, by chance, whatever the prompt. One that errs is paid like one more
// call of the cheaper model, which a judge of that tier costs at most, but for
// its instructions; one that never errs costs nothing and is a bound.
// That a real judge errs that seldom, or by chance alone, is not shown here.
// At last, what a call pays for its way through the cascade.
#include "cascade_hop.hpp"
#include "cascade_rules.hpp"
#include "measure.hpp"
#include "routing_report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace troupe::benchmarks;
namespace actors = troupe::actors;
namespace protocol = troupe::protocol;
using step = actors::cascade_step;

/// Models that stand for two tiers.
struct pair_of_models {
  std::size_t cheap = 0;
  std::size_t best = 0;
};

struct verifier {
  std::uint64_t error_percent = 0;
  bool is_paid = false;
};

const actors::tier_table tiers = [] {
  std::vector<protocol::model_spec> models(2);
  models[0].id = "cheap";
  models[1].id = "best";
  models[1].level = protocol::tier::expert;
  return actors::tier_table{models};
}();

protocol::model_reply reply_of(const std::string& model, std::string text,
                               double cost) {
  protocol::model_reply it;
  it.model = model;
  it.content = {protocol::text_part{std::move(text)}};
  it.cost.nano_usd = std::llround(cost * 1e6);
  return it;
}

/// One prompt through the cascade.
outcome climb(const routed_prompt& prompt, pair_of_models models,
              verifier check, std::mt19937_64& random) {
  protocol::model_call call;
  call.level = protocol::tier::expert;
  call.terms.cascade = protocol::cascade_plan{};
  actors::cascade_course course{tiers, std::move(call), protocol::tier::basic};
  auto next = step::ask;
  while (next == step::ask || next == step::judge) {
    const bool is_cheap = course.level() == protocol::tier::basic;
    const auto model = is_cheap ? models.cheap : models.best;
    if (next == step::ask) {
      next = course.answered(
          reply_of(is_cheap ? "cheap" : "best", "text", prompt.cost[model]));
      continue;
    }
    const bool is_right = prompt.quality[model] >= 0.7;
    const bool errs = random() % 100 < check.error_percent;
    next = course.judged(reply_of("cheap", is_right != errs ? "100" : "0",
                                  check.is_paid ? prompt.cost[model] : 0));
  }
  if (next != step::give)
    wrong("a cascade gave no answer");
  const auto reply = course.take_reply();
  const auto given = reply.model == "cheap" ? models.cheap : models.best;
  return {prompt.quality[given],
          static_cast<double>(reply.cost.nano_usd) / 1e6};
}

template <class Of>
outcome mean(const numbers& asked, Of of) {
  outcome sum;
  for (const auto i : asked) {
    const outcome it = of(i);
    sum.quality += it.quality / static_cast<double>(asked.size());
    sum.cost += it.cost / static_cast<double>(asked.size());
  }
  return sum;
}

outcome fixed(const routing_data& data, const numbers& asked,
              std::size_t model) {
  return mean(asked, [&](std::size_t i) {
    return outcome{data.prompts[i].quality[model], data.prompts[i].cost[model]};
  });
}

outcome cascaded(const routing_data& data, const numbers& asked,
                 pair_of_models models, verifier check, std::uint64_t seed) {
  std::mt19937_64 random{seed};
  return mean(asked, [&](std::size_t i) {
    return climb(data.prompts[i], models, check, random);
  });
}

/// The best by quality, the cheaper of equals; or the cheapest.
std::size_t find(const routing_data& data, const numbers& fit,
                 bool is_cheapest) {
  std::vector<outcome> all;
  for (std::size_t model = 0; model < data.models.size(); ++model)
    all.push_back(fixed(data, fit, model));
  const auto best =
      std::min_element(all.begin(), all.end(), [&](auto& a, auto& b) {
        return is_cheapest ? a.cost < b.cost
                           : std::pair{-a.quality, a.cost}
                                 < std::pair{-b.quality, b.cost};
      });
  return static_cast<std::size_t>(best - all.begin());
}

/// The first model of the cheapest cascade that is right as often, in the first
/// half, as the best model alone; that one itself, where none is cheaper.
std::size_t first_model(const routing_data& data, const numbers& fit,
                        std::size_t best, verifier check, std::uint64_t seed) {
  const auto alone = fixed(data, fit, best);
  std::pair<double, std::size_t> chosen{alone.cost, best};
  for (std::size_t model = 0; model < data.models.size(); ++model) {
    const auto it = cascaded(data, fit, {model, best}, check, seed);
    if (it.quality >= alone.quality)
      chosen = std::min(chosen, {it.cost, model});
  }
  return chosen.second;
}

rows play(const routing_data& data, std::uint64_t seed) {
  const auto [fit, asked] = deal(data.prompts.size(), seed);
  const auto cheap = find(data, fit, true);
  const auto best = find(data, fit, false);
  std::vector<numbers> fit_of(data.types.size());
  for (const auto i : fit)
    fit_of[data.prompts[i].type].push_back(i);
  std::vector<std::size_t> best_of;
  for (const auto& of : fit_of)
    best_of.push_back(of.empty() ? best : find(data, of, false));
  rows out{{"one: the best", fixed(data, asked, best)},
           {"one: the cheapest", fixed(data, asked, cheap)},
           {"best of each type", mean(asked, [&](std::size_t i) {
              const auto& it = data.prompts[i];
              const auto model = best_of[it.type];
              return outcome{it.quality[model], it.cost[model]};
            })}};
  const std::vector<std::pair<std::string, verifier>> verifiers{
      {"never errs, free", {0, false}},
      {"errs in 10 %, paid", {10, true}},
      {"errs in 25 %, paid", {25, true}}};
  for (const auto& [name, check] : verifiers) {
    const auto first = first_model(data, fit, best, check, seed);
    out.emplace_back("cheapest first, verifier " + name,
                     cascaded(data, asked, {cheap, best}, check, seed));
    out.emplace_back("chosen first, verifier " + name,
                     first == best
                         ? fixed(data, asked, best)
                         : cascaded(data, asked, {first, best}, check, seed));
  }
  return out;
}

void report(const routing_data& data, std::int64_t seeds) {
  report_rows(
      data.name + ": " + std::to_string(data.prompts.size()) + " prompts, "
          + std::to_string(data.models.size()) + " models",
      "the best", seeds, [&](std::uint64_t seed) { return play(data, seed); });
}

} // namespace

int main(int argc, char** argv) {
  const options option{argc,
                       argv,
                       "What does a cascade cost, and how often is its answer "
                       "right, on recorded answers?",
                       {{"rounds", 21, "splits, seeds from 1"},
                        {"calls", 20'000, "of each round, for their way"}}};
  print_machine();
  const auto seeds = std::max<std::int64_t>(option["rounds"], 1);
  with_recorded_answers([&](const routing_data& data) { report(data, seeds); });
  std::printf("\nthe way of a call\n");
  measure_cascade_hop(seeds, std::max<std::int64_t>(option["calls"], 1));
  return 0;
}
