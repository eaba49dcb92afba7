#include "support/actors/otp_play.hpp"

#include "support/actors/supervision_plans.hpp"

#include <algorithm>
#include <random>

namespace troupe::test {

using namespace actors;

namespace {

class maker {
public:
  explicit maker(std::uint64_t seed) : random_(seed) {}

  planned_supervisor tree(const std::string& name, int depth) {
    auto it = plan(restart_strategy{below(depth > 0 ? 3 : 4)},
                   static_cast<std::uint32_t>(below(5)));
    it.how.ends = one_in(4) ? auto_shutdown{below(3)} : auto_shutdown::never;
    if (it.how.strategy == restart_strategy::dynamic) {
      // All its children are alike but for their ids.
      it.like = child("d", it.how.ends).rule;
      dynamic_.emplace_back(name, it.like);
      return it;
    }
    const auto width = 1 + below(4);
    for (int i = 0; i < width; ++i)
      it.children.push_back(depth > 0 && one_in(3)
                                ? supervisor(depth, it.how.ends)
                                : child("w", it.how.ends));
    for (const auto& at : it.children)
      static_.emplace_back(name, at);
    ends_.emplace_back(name, it.how.ends);
    return it;
  }

  play_step step() {
    play_step it;
    it.what =
        one_in(2) ? play_step::kind::crash : play_step::kind{1 + below(4)};
    it.how = child_end{below(4)};
    if (!dynamic_.empty() && one_in(3))
      return dynamic_step(std::move(it));
    const auto& [supervisor, child] = static_[index(static_.size())];
    it.supervisor = supervisor;
    it.id = child.rule.id;
    it.child = child;
    if (it.what == play_step::kind::start && one_in(2)) {
      for (const auto& [name, ends] : ends_)
        if (name == supervisor)
          it.child = this->child("w", ends);
      static_.emplace_back(it.supervisor, it.child);
    }
    if (one_in(8))
      it.id = "nobody";
    return it;
  }

private:
  int below(int limit) {
    return static_cast<int>(random_() % static_cast<std::uint64_t>(limit));
  }
  std::size_t index(std::size_t limit) { return random_() % limit; }
  bool one_in(int chance) { return below(chance) == 0; }

  planned_child child(const std::string& letter, auto_shutdown ends) {
    auto it = worker(letter + std::to_string(++names_), restart_type{below(3)});
    make_significant(it, ends);
    it.hangs = one_in(25);
    it.rule.shutdown = one_in(6)
                           ? brutal_kill
                           : std::chrono::milliseconds{it.hangs ? 4 : 10'000};
    const bool is_weak = one_in(4);
    if (one_in(40))
      it.failing.insert(1);
    for (int attempt = 2; attempt < 20; ++attempt)
      if (is_weak ? !one_in(3) : one_in(12))
        it.failing.insert(attempt);
    const bool is_static = letter == "w";
    for (int attempt = 1; attempt < (is_static ? 9 : 2); ++attempt)
      if (one_in(20))
        it.ignoring.insert(attempt);
    return it;
  }

  planned_child supervisor(int depth, auto_shutdown ends) {
    const auto name = "s" + std::to_string(++names_);
    auto it = nested(name, tree(name, depth - 1), restart_type{below(3)});
    make_significant(it, ends);
    return it;
  }

  void make_significant(planned_child& it, auto_shutdown ends) {
    it.rule.is_significant = ends != auto_shutdown::never
                             && it.rule.restart != restart_type::permanent
                             && one_in(2);
  }

  play_step dynamic_step(play_step it) {
    const auto& [supervisor, like] = dynamic_[index(dynamic_.size())];
    it.supervisor = supervisor;
    it.is_dynamic = true;
    if (it.what == play_step::kind::start || one_in(3)) {
      it.what = play_step::kind::start;
      it.child = child("d", auto_shutdown::never);
      it.id = it.child.rule.id;
      // All or none, so that a slow machine makes no difference.
      const bool hangs = like.shutdown > brutal_kill
                         && like.shutdown < std::chrono::seconds{1};
      it.child.rule = like;
      it.child.rule.id = it.id;
      it.child.hangs = hangs;
      started_[supervisor].push_back(it.id);
    } else if (const auto& known = started_[supervisor]; !known.empty()) {
      it.id = known[index(known.size())];
    } else {
      it.id = "nobody";
    }
    return it;
  }

  std::mt19937_64 random_;
  int names_ = 0;
  std::vector<std::pair<std::string, planned_child>> static_;
  std::vector<std::pair<std::string, child_rule>> dynamic_;
  std::vector<std::pair<std::string, auto_shutdown>> ends_;
  std::map<std::string, std::vector<std::string>> started_;
};

} // namespace

otp_play random_play(std::uint64_t seed) {
  maker make{seed};
  otp_play it;
  it.seed = seed;
  it.tree = make.tree("top", 2);
  for (int i = 0; i < 14; ++i)
    it.steps.push_back(make.step());
  return it;
}

std::vector<std::string> in_one_order(std::vector<std::string> lines) {
  const auto sort_runs = [&](auto belongs) {
    for (auto it = lines.begin(); it != lines.end();) {
      const auto end = std::find_if_not(it, lines.end(), belongs);
      std::sort(it, end);
      it = end == lines.end() ? end : std::next(end);
    }
  };
  sort_runs([](const std::string& it) { return it.front() == 'x'; });
  sort_runs([](const std::string& it) {
    return it.size() > 1 && (it[0] == 'x' || it[0] == '-') && it[1] == 'd';
  });
  return lines;
}

} // namespace troupe::test
