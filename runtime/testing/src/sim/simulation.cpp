#include "troupe/testing/simulation.hpp"

#include "checker.hpp"
#include "world.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::testing {

using namespace sim;

namespace {

/// Of steps that do nothing, an endless script must not be made.
constexpr std::uint32_t steps_max = 1'000'000;

std::set<step_kind> kinds_of(const std::vector<std::string>& names) {
  std::set<step_kind> kinds;
  if (!names.empty()) // one that is no fault: then no fault is among them
    kinds.insert(step_kind::pass_time);
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<step_kind>>(
      [&](auto d) {
        if (std::find(names.begin(), names.end(), d.name) != names.end())
          kinds.insert(d.value);
      });
  return kinds;
}

void play(world& in, const simulation_script& script,
          simulation_outcome& outcome) {
  const auto only = kinds_of(script.only);
  if (script.steps) {
    for (const auto number : *script.steps) {
      in.play(step_of(script.seed, number, only), number);
      outcome.steps = std::max(outcome.steps, number + 1);
    }
    return;
  }
  while (in.seen().operations < script.operations
         && outcome.steps < steps_max) {
    in.play(step_of(script.seed, outcome.steps, only), outcome.steps);
    ++outcome.steps;
  }
}

bool breaks(simulation_script script, std::vector<std::uint32_t> steps) {
  script.steps = std::move(steps);
  return !simulate(script).broken.empty();
}

} // namespace

simulation_outcome simulate(const simulation_script& script, bool tells) {
  simulation_outcome outcome;
  outcome.seed = script.seed;
  world in{script.seed};
  play(in, script, outcome);
  in.finish();
  const auto& seen = in.seen();
  outcome.operations = seen.operations;
  outcome.operations_by_kind = seen.operations_by_kind;
  outcome.faults = seen.fault_count();
  outcome.faults_by_kind = seen.faults;
  outcome.digest = digest_of(seen);
  outcome.broken = broken_promises(seen);
  if (tells)
    for (const auto& it : seen.facts)
      outcome.told.push_back(std::to_string(it.step) + " life "
                             + std::to_string(it.life) + ' '
                             + protocol::to_text(it.at) + ' ' + to_text(it));
  return outcome;
}

/// Delta debugging (Zeller, Hildebrandt 2002): leaves out parts, smaller and
/// smaller ones, as long as something is still broken.
std::vector<std::uint32_t> shortest_steps(const simulation_script& script,
                                          std::uint32_t tries) {
  std::vector<std::uint32_t> steps;
  if (script.steps) {
    steps = *script.steps;
  } else {
    steps.resize(simulate(script).steps);
    std::iota(steps.begin(), steps.end(), 0U);
  }
  for (auto part = (steps.size() + 1) / 2; part > 0;) {
    bool has_shrunk = false;
    for (std::size_t from = 0; from < steps.size() && tries > 0; --tries) {
      auto rest = steps;
      const auto first = rest.begin() + static_cast<std::ptrdiff_t>(from);
      const auto count = std::min(part, rest.size() - from);
      rest.erase(first, first + static_cast<std::ptrdiff_t>(count));
      if (breaks(script, rest)) {
        steps = std::move(rest);
        has_shrunk = true;
      } else {
        from += count;
      }
    }
    if (tries == 0 || (part == 1 && !has_shrunk))
      break;
    part = has_shrunk && part == 1 ? 1 : part / 2;
  }
  return steps;
}

std::vector<std::string> steps_in_words(const simulation_script& script) {
  const auto only = kinds_of(script.only);
  std::vector<std::string> words;
  if (script.steps)
    for (const auto number : *script.steps)
      words.push_back(std::to_string(number) + ". "
                      + to_text(step_of(script.seed, number, only)));
  return words;
}

std::vector<std::string> fault_names() {
  std::vector<std::string> names;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<step_kind>>(
      [&](auto d) {
        if (is_fault(d.value))
          names.emplace_back(d.name);
      });
  return names;
}

} // namespace troupe::testing
