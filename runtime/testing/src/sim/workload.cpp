#include "workload.hpp"

#include "troupe/testing/dice.hpp"

#include <algorithm>
#include <array>

namespace troupe::testing::sim {

using namespace std::chrono_literals;
using protocol::task_kind;
using protocol::task_spec;

namespace {

std::uint32_t small(dice& random, std::size_t end) {
  return static_cast<std::uint32_t>(random.below(end));
}

void make_step(task_spec& task, dice& random) {
  const auto kind = random.below(20);
  if (kind == 0)
    task.kind = task_kind::approval;
  else if (kind < 3 && !task.needs.empty())
    task.kind = kind == 1 ? task_kind::pick : task_kind::join;
  if (task.kind == task_kind::work)
    return;
  task.agent.clear();
  task.gate.judge = {};
  if (task.kind != task_kind::approval)
    task.prompt.clear();
}

/// What it must pass, and what follows when it does not.
void add_rules(task_spec& task, dice& random) {
  task.timeout = std::chrono::seconds{2 + random.below(30)};
  task.attempts_max = 1 + small(random, 3);
  task.urgency = static_cast<protocol::priority>(random.below(4));
  task.output_tokens_max = 64;
  task.may_fail = random.below(4) == 0;
  if (!task.needs.empty() && random.below(6) == 0)
    task.when = "${" + task.needs.front() + ".output} contains 'good'";
  if (random.below(4) == 0)
    task.gate.must_mention = {"good"};
  task.gate.on_fail = static_cast<protocol::gate_action>(random.below(4));
  task.approval.expires = std::chrono::seconds{5 + random.below(60)};
  task.approval.approve_on_expiry = random.coin();
  if (random.below(12) == 0)
    task.gate.judge.agent = "writer";
  if (random.below(12) == 0)
    task.budget =
        protocol::money{static_cast<std::int64_t>(random.below(1'000'000))};
}

} // namespace

protocol::mission any_mission(std::uint64_t seed) {
  static constexpr std::array<const char*, 5> agents{"hand", "clerk", "writer",
                                                     "writer", "writer"};
  dice random{seed};
  protocol::mission it;
  it.name = "sim";
  it.concurrency = 1 + small(random, 5);
  it.order =
      random.coin() ? protocol::schedule::eager : protocol::schedule::waves;
  it.deadline = std::chrono::seconds{20 + random.below(400)};
  if (random.below(4) == 0)
    it.budget = protocol::money{
        static_cast<std::int64_t>(1'000'000 + random.below(20'000'000))};
  const auto count = 1 + random.below(9);
  for (std::size_t i = 0; i < count; ++i) {
    auto& task = it.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    task.agent = agents[random.below(agents.size())];
    task.prompt = "Do " + std::to_string(random.below(1'000)) + '.';
    for (std::size_t need = 0; need < i; ++need)
      if (random.below(4) == 0)
        task.needs.push_back("t" + std::to_string(need));
    add_rules(task, random);
    make_step(task, random);
  }
  if (random.below(3) == 0)
    it.caps = {{"writer", {}, 1 + small(random, 3)}};
  if (random.coin())
    std::reverse(it.tasks.begin(), it.tasks.end());
  return it;
}

protocol::mission probe_mission() {
  protocol::mission it;
  it.name = "probe";
  it.concurrency = 5;
  it.deadline = 10min;
  for (const auto* agent : {"hand", "clerk", "writer", "writer", "writer"}) {
    auto& task = it.tasks.emplace_back();
    task.id = "t" + std::to_string(it.tasks.size());
    task.agent = agent;
    task.prompt = "Do it.";
    task.attempts_max = 5;
    task.timeout = 2min;
  }
  return it;
}

protocol::mission load_mission(protocol::priority urgency) {
  protocol::mission it;
  it.name = "load";
  it.deadline = 2min;
  auto& task = it.tasks.emplace_back();
  task.id = "t";
  task.agent = "porter";
  task.prompt = "Carry it.";
  task.urgency = urgency;
  task.timeout = 1min;
  task.output_tokens_max = 64;
  return it;
}

protocol::agent_spec porter() {
  protocol::agent_spec it;
  it.card.name = "porter";
  it.card.skills = {"carry"};
  it.instructions = "You carry.";
  return it;
}

protocol::agent_spec writer() {
  protocol::agent_spec it;
  it.card.name = "writer";
  it.card.skills = {"write"};
  it.instructions = "You write.";
  it.tools = {"note", "look"};
  it.turns_max = 5;
  return it;
}

} // namespace troupe::testing::sim
