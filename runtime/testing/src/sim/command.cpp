// The command troupe-sim.
#include "troupe/testing/simulation.hpp"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <mutex>
#include <ostream>
#include <sstream>
#include <thread>

namespace troupe::testing {

namespace {

struct arguments {
  simulation_script script;
  std::uint64_t seeds = 1;
  std::uint32_t jobs = 1;
  std::uint32_t seconds = 0; ///< No seed begins behind them; 0: no limit.
  std::vector<std::uint32_t> steps;
  std::vector<std::string> faults;
  std::string kept; ///< A file of seeds.
  bool replays = false;
  bool shrinks = true;
  bool is_brief = false;
};

struct totals {
  std::uint64_t seeds = 0;
  std::uint64_t bad = 0;
  std::uint64_t operations = 0;
  std::map<std::string, std::uint64_t> operations_by_kind;
  std::map<std::string, std::uint64_t> faults_by_kind;
};

std::string hex(std::uint64_t number) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx",
                static_cast<unsigned long long>(number));
  return text;
}

std::string line_of(const simulation_outcome& it) {
  return "seed " + std::to_string(it.seed) + ": "
         + (it.broken.empty() ? "good" : "BROKEN") + ", "
         + std::to_string(it.operations) + " operations, "
         + std::to_string(it.faults) + " faults, " + std::to_string(it.steps)
         + " steps, digest " + hex(it.digest);
}

std::string replay_of(const simulation_script& script) {
  auto out = "troupe-sim --replay --seed " + std::to_string(script.seed);
  if (script.operations != simulation_script{}.operations)
    out += " --ops " + std::to_string(script.operations);
  for (std::size_t i = 0; i < script.only.size(); ++i)
    out += (i == 0 ? " --only " : ",") + script.only[i];
  if (script.steps)
    for (std::size_t i = 0; i < script.steps->size(); ++i)
      out += (i == 0 ? " --steps " : ",") + std::to_string((*script.steps)[i]);
  return out;
}

/// What was broken, by the shortest history that breaks something too.
std::string story_of(simulation_script script, const simulation_outcome& whole,
                     bool shrinks) {
  std::string out;
  for (const auto& it : whole.broken)
    out += "  " + it + '\n';
  out += "  again: " + replay_of(script) + '\n';
  if (!shrinks)
    return out;
  script.steps = shortest_steps(script);
  const auto least = simulate(script, true);
  out += "  shortest: " + std::to_string(script.steps->size()) + " steps\n";
  for (const auto& it : steps_in_words(script))
    out += "    " + it + '\n';
  for (const auto& it : least.broken)
    out += "  " + it + '\n';
  return out + "  again: " + replay_of(script) + '\n';
}

void add(totals& to, const simulation_outcome& it) {
  ++to.seeds;
  to.bad += it.broken.empty() ? 0U : 1U;
  to.operations += it.operations;
  for (const auto& [kind, count] : it.operations_by_kind)
    to.operations_by_kind[kind] += count;
  for (const auto& [kind, count] : it.faults_by_kind)
    to.faults_by_kind[kind] += count;
}

void print(std::ostream& out, const char* what,
           const std::map<std::string, std::uint64_t>& all) {
  std::uint64_t sum = 0;
  for (const auto& [kind, count] : all)
    sum += count;
  out << what << ": " << sum;
  for (const auto& [kind, count] : all)
    out << ", " << kind << ' ' << count;
  out << '\n';
}

/// A line a seed: `SEED [ops=N] [only=A,B] [steps=1,2,3] [# WHY]`.
std::vector<simulation_script> read_kept(const std::string& file) {
  std::vector<simulation_script> all;
  std::ifstream in{file};
  for (std::string line; std::getline(in, line);) {
    std::istringstream words{line.substr(0, line.find('#'))};
    simulation_script script;
    std::vector<std::uint32_t> steps;
    if (!(words >> script.seed))
      continue;
    for (std::string word; words >> word;) {
      const auto sign = word.find('=');
      std::istringstream values{word.substr(std::min(sign + 1, word.size()))};
      const auto name = word.substr(0, sign);
      if (name == "ops")
        values >> script.operations;
      for (std::string one; std::getline(values, one, ',');)
        if (name == "only")
          script.only.push_back(one);
        else if (name == "steps")
          steps.push_back(static_cast<std::uint32_t>(std::stoul(one)));
    }
    if (!steps.empty())
      script.steps = std::move(steps);
    all.push_back(std::move(script));
  }
  return all;
}

std::vector<simulation_script> scripts_of(const arguments& given) {
  if (!given.kept.empty())
    return read_kept(given.kept);
  std::vector<simulation_script> all(given.seeds, given.script);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].seed += i;
  return all;
}

totals play_all(const arguments& given, std::ostream& out) {
  const auto scripts = scripts_of(given);
  totals sum;
  std::mutex mutex; // guards what is printed and summed up
  std::atomic<std::uint64_t> next{0};
  const auto begin = std::chrono::steady_clock::now();
  const auto is_late = [&] {
    return given.seconds != 0
           && std::chrono::steady_clock::now() - begin
                  >= std::chrono::seconds{given.seconds};
  };
  const auto work = [&] {
    for (;;) {
      const auto number = next++;
      if (number >= scripts.size() || is_late())
        return;
      const auto& script = scripts[number];
      const auto it = simulate(script, given.replays);
      const auto story =
          it.broken.empty() ? "" : story_of(script, it, given.shrinks);
      const std::lock_guard lock{mutex};
      add(sum, it);
      for (const auto& told : it.told)
        out << told << '\n';
      if (!given.is_brief || !it.broken.empty())
        out << line_of(it) << '\n' << story << std::flush;
    }
  };
  std::vector<std::thread> workers;
  for (std::uint32_t i = 1; i < given.jobs; ++i)
    workers.emplace_back(work);
  work();
  for (auto& it : workers)
    it.join();
  return sum;
}

void add_options(CLI::App& app, arguments& to) {
  app.add_option("--seed", to.script.seed, "The first seed");
  app.add_option("--seeds", to.seeds, "How many seeds from there on");
  app.add_option("--ops", to.script.operations,
                 "Operations of a seed, 1,000 unless told")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--jobs", to.jobs, "Seeds at one time")
      ->check(CLI::Range(1, 256));
  app.add_option("--seconds", to.seconds,
                 "Begin no seed behind so many; 0: whatever it takes");
  app.add_option("--only", to.faults, "These faults alone; 'none': no fault")
      ->delimiter(',');
  app.add_option("--steps", to.steps, "These steps of the script alone")
      ->delimiter(',');
  app.add_flag("--replay", to.replays, "Print the whole history");
  app.add_flag("!--no-shrink", to.shrinks,
               "Do not look for the shortest history that breaks a promise");
  app.add_option("--kept", to.kept, "Play the seeds of this file instead")
      ->check(CLI::ExistingFile);
  app.add_flag("--brief", to.is_brief, "A line for broken seeds only");
}

} // namespace

int simulation_command(int count, const char* const* arguments_given,
                       std::ostream& out, std::ostream& err) {
  arguments given;
  CLI::App app{"Plays lives of clients, processes and models in virtual time, "
               "with faults, and checks what troupe promises.",
               "troupe-sim"};
  add_options(app, given);
  try {
    app.parse(count, arguments_given);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong, out, err) == 0 ? 0 : 2;
  }
  const auto known = fault_names();
  for (const auto& it : given.faults)
    if (it != "none"
        && std::find(known.begin(), known.end(), it) == known.end()) {
      err << "troupe-sim: no fault '" << it << "'; there are:";
      for (const auto& name : known)
        err << ' ' << name;
      err << '\n';
      return 2;
    }
  given.script.only = given.faults;
  if (!given.steps.empty())
    given.script.steps = given.steps;
  const auto begin = std::chrono::steady_clock::now();
  const auto sum = play_all(given, out);
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                      std::chrono::steady_clock::now() - begin)
                      .count();
  print(out, "operations", sum.operations_by_kind);
  print(out, "faults", sum.faults_by_kind);
  out << sum.seeds << " seeds, " << sum.bad << " broken, " << ms << " ms, "
      << (ms == 0 ? 0 : sum.seeds * 3'600'000 / static_cast<std::uint64_t>(ms))
      << " seeds an hour\n";
  return sum.bad == 0 ? 0 : 1;
}

} // namespace troupe::testing
