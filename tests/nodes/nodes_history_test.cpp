// Real nodes under many faults, judged by who knows nothing of them: the
// checker of histories, from what clients were told and the world has seen.
#include "support/catch.hpp"
#include "support/cluster/history_checker.hpp"
#include "support/nodes/needs.hpp"
#include "support/nodes/watched_runs.hpp"

#include <cstdio>
#include <memory>

using namespace std::chrono_literals;
using namespace troupe::test;

namespace {

constexpr auto soon = 60s;
constexpr std::size_t tasks = 40;

/// What is done to nodes while runs are under way, and undone behind it.
class fault_player {
public:
  fault_player(real_nodes& nodes, const std::vector<std::string>& names,
               std::chrono::seconds pause)
      : nodes_(nodes), names_(names), pause_(pause) {}

  static constexpr int kinds = 6;

  /// `number`: which, and where.
  void play(int number) {
    const auto at = static_cast<std::size_t>(number);
    const auto& one = names_[(at + 1) % names_.size()];
    const auto& other = names_[(at + 2) % names_.size()];
    std::printf("  fault %d at %s\n", number % kinds, one.c_str());
    switch (number % kinds) {
    case 0:
      nodes_.kill9(one);
      (void)nodes_.bed.wait_line(other, "peer=" + one + " state=down", soon);
      return nodes_.start(one);
    case 1:
      nodes_.bed.pause(one);
      (void)nodes_.bed.wait_line(other, "nobody says this", pause_);
      return nodes_.bed.resume(one);
    case 2:
      for (const auto& it : names_) // whole; its clients are beside it
        if (it != one)
          nodes_.bed.cut(one, it);
      break;
    case 3:
      nodes_.bed.cut_one_way(one, other);
      break;
    case 4:
      nodes_.bed.cut(one, other); // partial: others reach both
      break;
    default:
      flapping_ = nodes_.bed.flap(one, other, 300ms, 500ms);
    }
    (void)nodes_.bed.wait_line(other, "nobody says this", 4s);
  }

  void undo() {
    flapping_.reset();
    nodes_.bed.heal_all();
  }

private:
  real_nodes& nodes_;
  std::vector<std::string> names_;
  std::chrono::seconds pause_;
  std::unique_ptr<flapping> flapping_;
};

/// In each round a run on each node, and a fault; judged in the end.
void play_rounds(const std::vector<std::string>& names, const std::string& name,
                 const std::vector<int>& faults, std::chrono::seconds pause) {
  real_nodes nodes{names, journal_url()};
  watched_runs runs{nodes, journal_url()};
  fault_player player{nodes, names, pause};
  REQUIRE(nodes.are_joined(names, soon));
  for (std::size_t round = 0; round < faults.size(); ++round) {
    std::string run;
    for (const auto& node : names) {
      run = name + std::to_string(round) + node;
      runs.begin(run, node, tasks);
    }
    const bool has_begun = runs.wait_done(run, 3, soon);
    UNSCOPED_INFO("round " << round << '\n' << nodes.bed.output());
    REQUIRE(has_begun);
    player.play(faults[round]);
    const bool are_told = runs.end_all(soon);
    player.undo();
    const bool are_joined = nodes.are_joined(names, soon);
    INFO("round " << round << '\n' << nodes.bed.output());
    REQUIRE(are_told);
    REQUIRE(are_joined);
  }
  CHECK(runs.read_journal(soon));
  const auto seen = runs.seen();
  const auto broken = check_history(seen);
  INFO(to_lines(seen));
  INFO(to_text(broken));
  CHECK(broken.empty());
  std::size_t told = 0;
  for (const auto& op : seen.ops)
    told += op.kind == op_kind::effect && op.end == op_end::ok ? 1 : 0;
  std::printf("  %zu faults, %zu effects of %zu asked for, %zu acknowledged\n",
              faults.size(), seen.effects.size(),
              faults.size() * names.size() * tasks, told);
}

} // namespace

TEST_CASE("a history of real nodes under faults breaks no promise",
          "[cluster][nodes][history]") {
  if (is_skipped())
    return;
  play_rounds({"a", "b", "c"}, "short", {0, 1, 4, 5}, 4s);
}

TEST_CASE("a long history of five nodes under faults breaks no promise",
          "[.][long][history]") {
  if (is_skipped())
    return;
  std::vector<int> faults{7}; // one stands still for a minute
  play_rounds({"a", "b", "c", "d", "e"}, "minute", faults, 60s);
  faults.clear();
  for (int i = 0; i < 30; ++i) {
    faults.push_back(i * fault_player::kinds); // a kill, each time
    if (i % 3 == 0)
      faults.push_back(i * fault_player::kinds + 1 + i / 3 % 5);
  }
  play_rounds({"a", "b", "c", "d", "e"}, "long", faults, 5s);
}
