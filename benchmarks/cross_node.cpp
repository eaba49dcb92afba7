// What does it cost to ask an agent of another node?
//
// Two processes on loopback. A request of 200 bytes is answered with 40, one,
// 100 and 1,000 at a time; then one-way messages of 200 bytes. Once by bare CAF
// io, with structs of the same size and nothing else, once by troupe: the whole
// way of a task through stand-in, link, registry and agent, with deadline and
// progress, acknowledged frames and a ledger beside it. Both in plain and with
// TLS on both sides. Ratios are of passes that follow one another. Then
// requests come at 25, 50 and 75 % of what troupe has done with 1,000 at a
// time, whether those before were answered or not; each latency counts from
// when it was due.
#include "bare_link.hpp"
#include "cross_node_side.hpp"
#include "measure.hpp"

#include <array>
#include <cstdio>
#include <functional>
#include <map>

namespace {

using namespace troupe::benchmarks;

struct figures {
  std::vector<double> rate_1;
  std::vector<double> p50;
  std::vector<double> p99;
  std::vector<double> rate_100;
  std::vector<double> rate_1000;
  std::vector<double> one_way;
};

void take(figures& to, const link_pass& it) {
  to.rate_1.push_back(it.rate_1);
  to.p50.push_back(it.p50_us);
  to.p99.push_back(it.p99_us);
  to.rate_100.push_back(it.rate_100);
  to.rate_1000.push_back(it.rate_1000);
  to.one_way.push_back(it.one_way);
}

void print(const std::string& what, const figures& it) {
  std::printf("\n%s\n", what.c_str());
  print_row("  requests a second, 1 at a time", spread_of(it.rate_1), "/s");
  print_row("  their latency, p50", spread_of(it.p50), "us");
  print_row("  their latency, p99", spread_of(it.p99), "us");
  print_row("  requests a second, 100 at a time", spread_of(it.rate_100), "/s");
  print_row("  requests a second, 1,000 at a time", spread_of(it.rate_1000),
            "/s");
  print_row("  one-way messages a second", spread_of(it.one_way), "/s");
}

void print_ratio(const char* what, const std::vector<double>& ours,
                 const std::vector<double>& bare) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i)
    ratios.push_back(ours[i] / bare[i]);
  const auto all = spread_of(ratios);
  std::printf("  %-40s %5.2f [%.2f..%.2f] of bare CAF io; goal 0.85: %s\n",
              what, all.median, all.min, all.max,
              all.median >= 0.85 ? "met" : "missed");
}

/// Latency at rates below what it can do.
void offer(const std::string& folder, std::int64_t passes,
           std::int64_t seconds) {
  const std::vector<int> percents{25, 50, 75};
  std::vector<double> capacity;
  std::map<int, std::array<std::vector<double>, 3>> at;
  for (std::int64_t i = 0; i < passes; ++i) {
    const auto it =
        measure_load(folder, percents, static_cast<double>(seconds));
    capacity.push_back(it.capacity);
    for (const auto& one : it.at) {
      at[one.percent][0].push_back(one.p50_us);
      at[one.percent][1].push_back(one.p99_us);
      at[one.percent][2].push_back(one.max_us);
    }
  }
  print_row("  offered: its capacity", spread_of(capacity), "/s");
  for (const auto& [percent, it] : at) {
    const auto of = "  at " + std::to_string(percent) + " % of it, ";
    print_row(of + "p50", spread_of(it[0]), "us");
    print_row(of + "p99", spread_of(it[1]), "us");
    print_row(of + "longest", spread_of(it[2]), "us");
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 2 && std::string{argv[1]} == "--serve")
    return serve_link(argv[2], argc > 3 ? argv[3] : "");
  const options given{argc,
                      argv,
                      "What does it cost to ask an agent of another node?",
                      {{"passes", 5, "of each kind"},
                       {"requests", 20'000, "in a pass with many at a time"},
                       {"seconds", 5, "of each rate that is offered"}}};
  print_machine();
  const certificates files;
  for (const bool is_safe : {false, true}) {
    figures bare;
    figures ours;
    for (std::int64_t i = 0; i < given["passes"]; ++i) {
      take(bare, measure_bare(is_safe ? files.folder() : "",
                              static_cast<std::size_t>(given["requests"])));
      take(ours, measure_node(is_safe ? files.folder() : "",
                              static_cast<std::size_t>(given["requests"])));
    }
    const std::string how = is_safe ? "TLS" : "plain";
    print("bare CAF io, " + how, bare);
    print("troupe, " + how, ours);
    print_ratio("requests, 1 at a time", ours.rate_1, bare.rate_1);
    print_ratio("requests, 100 at a time", ours.rate_100, bare.rate_100);
    print_ratio("requests, 1,000 at a time", ours.rate_1000, bare.rate_1000);
    print_ratio("one-way", ours.one_way, bare.one_way);
    offer(is_safe ? files.folder() : "", given["passes"], given["seconds"]);
  }
}
