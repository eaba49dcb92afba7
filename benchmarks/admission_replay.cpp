// How many calls of real hours does a key refuse, and who gets what is left?
//
// Two recorded hours, of Azure (two services of one region, put together) and
// of Mooncake (Kimi), go in virtual time to one simulated key with the limits
// of a real tier: at once, in order of arrival with so many at one time,
// through the admission in one line, and through it with tenants that share.
// All have 60 s a call, three attempts, and the pauses of the router's rules.
// The key fills buckets of a minute's worth all the time, counts output when it
// has been written, and bears so many calls at one time, which it does not
// tell. A call takes 0.3 s, 50 us for each token it reads and 16.7 ms for each
// it writes.
//
// Tenants are made up, since the hours name none: of ten, one has sent a random
// half of the calls. Jain's index is over what each tenant got of what it would
// have got had the same sum been shared max-min.
//
// Then the hours of Mooncake, whose calls name the blocks of their prompts, go
// to four keys, each with a cache of its own: in turn, by the conversation's
// first block, and where the longest beginning of the prompt was last seen,
// unless that key has no place for the call within a second.
#include "measure.hpp"
#include "prefix_replay.hpp"
#include "random.hpp"
#include "replay_client.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <utility>

namespace {

using namespace troupe::benchmarks;
namespace actors = troupe::actors;

void deal_out(std::vector<recorded>& calls, std::uint32_t tenants,
              std::uint64_t seed) {
  for (auto& call : calls) {
    const auto random = actors::next_random(seed);
    call.tenant = random % 2 == 0 ? 0 : 1 + (random >> 8U) % (tenants - 1);
  }
}

/// How `sum` is shared when nobody gets more than it asked for, and those who
/// get less all get the same.
std::vector<double> max_min(const std::vector<double>& asked, double sum) {
  std::vector<double> got(asked.size());
  std::vector<std::size_t> order(asked.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return asked[a] < asked[b]; });
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto each = sum / static_cast<double>(order.size() - i);
    got[order[i]] = std::min(asked[order[i]], each);
    sum -= got[order[i]];
  }
  return got;
}

double jain(const outcome& out) {
  const auto sum = std::accumulate(out.done_by.begin(), out.done_by.end(), 0.0);
  const auto fair = max_min(out.asked_by, sum);
  double all = 0, squares = 0;
  for (std::size_t i = 0; i < fair.size(); ++i) {
    const auto part = fair[i] > 0 ? out.done_by[i] / fair[i] : 1;
    all += part;
    squares += part * part;
  }
  return squares > 0 ? all * all / (squares * static_cast<double>(fair.size()))
                     : 0;
}

double percentile(std::vector<double> values, std::size_t permille) {
  if (values.empty())
    return 0;
  std::sort(values.begin(), values.end());
  return values[std::min(values.size() - 1, values.size() * permille / 1'000)];
}

struct figures {
  std::vector<double> refused, done, tokens, fairness, modest, p50, p99;

  void add(const outcome& out, double calls) {
    refused.push_back(100 * static_cast<double>(out.refusals)
                      / static_cast<double>(out.sent));
    done.push_back(100 * static_cast<double>(out.done) / calls);
    const auto sum = [](const std::vector<double>& of) {
      return std::accumulate(of.begin(), of.end(), 0.0);
    };
    tokens.push_back(100 * sum(out.done_by) / sum(out.asked_by));
    fairness.push_back(jain(out));
    double worst = 100;
    for (std::size_t i = 1; i < out.asked_by.size(); ++i)
      worst = std::min(worst, 100 * out.done_by[i] / out.asked_by[i]);
    modest.push_back(worst);
    p50.push_back(percentile(out.waits, 500));
    p99.push_back(percentile(out.waits, 990));
  }
};

struct hour {
  const char* name;
  key_limits limits;
  std::vector<recorded> (*read)(std::int64_t compression);
};

/// What the calls are of what the key allows.
void print_load(const hour& what, const std::vector<recorded>& calls,
                std::int64_t compression) {
  double input = 0, output = 0;
  for (const auto& call : calls) {
    input += call.input;
    output += call.output;
  }
  const std::chrono::duration<double, std::ratio<60>> minutes =
      calls.back().at - trace_start;
  std::printf("\n%s at %.2f of its speed: %zu calls; of what the key allows: "
              "calls %.2f, input %.2f, output %.2f\n",
              what.name, static_cast<double>(compression) / 100, calls.size(),
              static_cast<double>(calls.size()) / minutes.count()
                  / what.limits.requests,
              input / minutes.count() / what.limits.input,
              output / minutes.count() / what.limits.output);
}

void replay_hour(const hour& what, std::int64_t compression,
                 std::int64_t seeds) {
  auto calls = what.read(compression);
  if (calls.empty()) {
    std::printf("%s: skipped, the data is not there\n", what.name);
    return;
  }
  constexpr std::array<const char*, 6> names{
      "at once",           "32 at one time",
      "128 at one time",   "admission, one line",
      "admission, shares", "admission, shares, the key's own burst"};
  std::array<figures, 6> all;
  for (std::int64_t seed = 1; seed <= seeds; ++seed) {
    setting how;
    how.limits = what.limits;
    how.seed = static_cast<std::uint64_t>(seed);
    deal_out(calls, how.tenants, how.seed);
    const auto count = static_cast<double>(calls.size());
    all[0].add(replay_at_once(calls, how), count);
    all[1].add(replay_fixed(calls, how, 32), count);
    all[2].add(replay_fixed(calls, how, 128), count);
    all[3].add(replay_admitted(calls, how, false), count);
    all[4].add(replay_admitted(calls, how, true), count);
    how.burst = std::chrono::seconds{60};
    all[5].add(replay_admitted(calls, how, true), count);
  }
  print_load(what, calls, compression);
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::printf("  %s\n", names[i]);
    const auto& it = all[i];
    print_row("    refused (429)", spread_of(it.refused), "% of the sent");
    print_row("    done in time", spread_of(it.done), "% of the calls");
    print_row("    the same in tokens", spread_of(it.tokens), "%");
    print_row("    of the worst modest tenant", spread_of(it.modest),
              "% of its tokens");
    print_row("    Jain's index", spread_of(it.fairness), "");
    print_row("    wait, p50", spread_of(it.p50), "s");
    print_row("    wait, p99", spread_of(it.p99), "s");
  }
}

void replay_caches(const char* name) {
  const auto calls = read_mooncake(name, 100);
  if (calls.empty()) {
    std::printf("%s: skipped, the data is not there\n", name);
    return;
  }
  std::printf("\n%s of Mooncake: prompt tokens that were in the key's cache\n",
              name);
  const auto one = replay_prefixes(calls, 1, key_choice::in_turn);
  std::printf("  one key for all: %.1f %%\n", 100 * one.hits);
  for (const std::size_t keys : {4, 16})
    for (const auto& [how, text] :
         {std::pair{key_choice::in_turn, "in turn"},
          std::pair{key_choice::pinned, "by conversation"},
          std::pair{key_choice::affinity, "by affinity"}}) {
      const auto out = replay_prefixes(calls, keys, how);
      std::printf("  %2zu keys, %-16s %5.1f %%; busiest key %.2f of the mean\n",
                  keys, text, 100 * out.hits, out.busiest);
    }
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "How many calls of real hours does a key refuse, and who gets what is "
      "left? Some seconds a round.",
      {{"rounds", 5, "seeds"}}};
  print_machine();
  const auto seeds = std::max<std::int64_t>(option["rounds"], 1);
  const hour azure{"Azure", {2'000, 800'000, 160'000, 64}, read_azure};
  const hour mooncake{"Mooncake conversations",
                      {4'000, 2'500'000, 400'000, 96},
                      [](std::int64_t compression) {
                        return read_mooncake("conversation_trace", compression);
                      }};
  for (const std::int64_t compression : {100, 150, 300})
    replay_hour(azure, compression, seeds);
  for (const std::int64_t compression : {100, 200})
    replay_hour(mooncake, compression, seeds);
  for (const auto* name : {"conversation_trace", "synthetic_trace"})
    replay_caches(name);
  return 0;
}
