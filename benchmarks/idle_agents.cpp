// What does an agent cost that does nothing: memory, and time to start it?
//
// Each kind runs in a process of its own, so that none profits from memory that
// another gave back. An agent counts from the moment the registry knows it. The
// floor is a bare CAF actor that nobody but a vector knows.
#include "layers.hpp"
#include "measure.hpp"

#include <troupe/actors/function_agent.hpp>
#include <troupe/actors/model_agent.hpp>
#include <troupe/actors/router.hpp>
#include <troupe/protocol/token_counter.hpp>
#include <troupe/runtime/runtime.hpp>

#include <caf/all.hpp>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
namespace actors = troupe::actors;

constexpr double goal_bytes = 2'048;
constexpr double goal_us = 4;
constexpr std::chrono::seconds patience{60};
/// So many registrations are sent before an answer is waited for, so that the
/// registry's mailbox does not grow.
constexpr std::size_t window = 1'000;

struct cost {
  double bytes = 0;   ///< Resident, as it stands after the last start.
  double trimmed = 0; ///< Resident, after free memory was given back.
  double us = 0;
};

/// Measures `start`, which starts `count` agents.
cost measure(std::size_t count, const std::function<void()>& start) {
  malloc_trim(0);
  const auto before = resident_bytes();
  const auto begin = seconds_now();
  start();
  const auto n = static_cast<double>(count);
  cost all;
  all.us = (seconds_now() - begin) * 1e6 / n;
  all.bytes = (resident_bytes() - before) / n;
  malloc_trim(0);
  all.trimmed = (resident_bytes() - before) / n;
  return all;
}

std::string name_of(std::size_t number) {
  return "agent-" + std::to_string(number);
}

cost bare_actors(std::size_t count) {
  using echo = caf::typed_actor<caf::replies_to<int>::with<int>>;
  stage on;
  std::vector<echo> all;
  all.reserve(count);
  const auto result = measure(count, [&] {
    for (std::size_t i = 0; i < count; ++i)
      all.push_back(on.system().spawn([]() -> echo::behavior_type {
        return {[](int x) {
          return x;
        }};
      }));
  });
  for (auto& it : all)
    caf::anon_send_exit(it, caf::exit_reason::user_shutdown);
  return result;
}

/// Registers agents and waits for the registry now and then.
class registrar {
public:
  explicit registrar(stage& on) : on_(on), self_(on.system()) {}

  void add(protocol::agent_card card, actors::agent_actor agent) {
    caf::anon_send(on_.registry(),
                   protocol::request<protocol::register_agent>{{}, {card}},
                   agent);
    all_.push_back(std::move(agent));
    if (all_.size() % window == 0)
      expect(card.name);
  }

  /// Ends the process unless the registry knows `name`.
  void expect(const std::string& name) {
    bool is_known = false;
    self_
        ->request(on_.registry(), patience,
                  protocol::request<protocol::discover_agents>{
                      {}, {name, {}, protocol::tier::basic, 1}})
        .receive(
            [&](protocol::response<protocol::agents_found>& found) {
              is_known = found.body.agents.size() == 1;
            },
            [](const caf::error&) {});
    if (!is_known)
      wrong("the registry does not know " + name);
  }

  ~registrar() {
    for (auto& it : all_)
      self_->send_exit(it, caf::exit_reason::user_shutdown);
  }

private:
  stage& on_;
  caf::scoped_actor self_;
  std::vector<actors::agent_actor> all_;
};

protocol::agent_card card_of(std::size_t number) {
  protocol::agent_card card;
  card.name = name_of(number);
  card.skills = {"work"};
  return card;
}

cost code_agents(std::size_t count) {
  stage on;
  registrar all{on};
  return measure(count, [&] {
    for (std::size_t i = 0; i < count; ++i) {
      actors::function_agent_config config;
      config.name = name_of(i);
      config.clock = on.clock();
      config.seed = i;
      config.code = [](const actors::task_work&)
          -> protocol::result<protocol::task_result> {
        return protocol::task_result{};
      };
      all.add(card_of(i),
              actors::spawn_function_agent(on.system(), std::move(config)));
    }
    all.expect(name_of(count - 1));
  });
}

cost model_agents(std::size_t count) {
  stage on;
  actors::router_config routing;
  routing.budget = on.budget();
  routing.counter = std::make_shared<protocol::token_estimator>();
  routing.clock = on.clock();
  const auto router =
      on.add(actors::spawn_router(on.system(), std::move(routing)));
  registrar all{on};
  return measure(count, [&] {
    for (std::size_t i = 0; i < count; ++i) {
      protocol::agent_spec spec;
      spec.card = card_of(i);
      spec.instructions = "You answer in one short sentence, in plain words.";
      actors::model_agent_config config;
      config.router = router;
      config.clock = on.clock();
      config.seed = i;
      config.spec =
          std::make_shared<const protocol::agent_spec>(std::move(spec));
      all.add(card_of(i),
              actors::spawn_model_agent(on.system(), std::move(config)));
    }
    all.expect(name_of(count - 1));
  });
}

cost facade_agents(std::size_t count) {
  troupe::runtime_config config;
  config.limits.agents = static_cast<std::uint32_t>(count);
  auto host = troupe::runtime::create(std::move(config));
  if (!host)
    wrong(host.error().detail);
  const auto result = measure(count, [&] {
    for (std::size_t i = 0; i < count; ++i)
      if (!host->add_agent(
              card_of(i),
              [](const troupe::task_view&) -> protocol::result<std::string> {
                return std::string{"ok"};
              }))
        wrong("an agent was refused");
  });
  if (host->agents().size() != count)
    wrong("agents are missing");
  return result;
}

/// Runs `job` in a process of its own.
cost apart(const std::function<cost(std::size_t)>& job, std::size_t count) {
  int ends[2];
  if (pipe(ends) != 0)
    wrong("no pipe");
  const auto child = fork();
  if (child == 0) {
    const auto found = job(count);
    const bool told = write(ends[1], &found, sizeof found) == sizeof found;
    _exit(told ? 0 : 1);
  }
  close(ends[1]);
  cost found;
  const bool heard = read(ends[0], &found, sizeof found) == sizeof found;
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!heard || status != 0)
    wrong("a process did not start its agents");
  return found;
}

spread print_kind(const std::string& title, const std::vector<cost>& all) {
  std::vector<double> bytes, trimmed, us;
  for (const auto& it : all) {
    bytes.push_back(it.bytes);
    trimmed.push_back(it.trimmed);
    us.push_back(it.us);
  }
  std::printf("%s:\n", title.c_str());
  print_row("  memory", spread_of(bytes), "bytes an agent");
  print_row("  memory, free parts given back", spread_of(trimmed),
            "bytes an agent");
  print_row("  start", spread_of(us), "us an agent");
  return {spread_of(bytes).median, spread_of(us).median, 0};
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What does an agent cost that does nothing: memory, and time to start "
      "it?\nSome 30 seconds.",
      {{"agents", 100'000, "of each kind; 1000000 takes some 4 GB"},
       {"rounds", 3, "processes of each kind"},
       {"facade", 1, "0: leave the facade out"}}};
  print_machine();
  const auto count = static_cast<std::size_t>(
      std::clamp<std::int64_t>(option["agents"], 1, 2'000'000));
  using kind = std::pair<std::string, std::function<cost(std::size_t)>>;
  std::vector<kind> kinds{{"floor: bare CAF actor", bare_actors},
                          {"function agent", code_agents},
                          {"model agent", model_agents}};
  if (option["facade"] != 0)
    kinds.emplace_back("function agent, through the facade", facade_agents);
  std::vector<std::vector<cost>> costs(kinds.size());
  for (std::int64_t i = 0; i < std::max<std::int64_t>(option["rounds"], 1); ++i)
    for (std::size_t j = 0; j < kinds.size(); ++j)
      costs[j].push_back(apart(kinds[j].second, count));
  spread floor;
  for (std::size_t j = 0; j < kinds.size(); ++j) {
    const auto found = print_kind(kinds[j].first, costs[j]);
    if (j == 0) {
      floor = found;
      continue;
    }
    std::printf("  ratio to the floor: memory %.2f, start %.2f\n",
                found.median / floor.median, found.min / floor.min);
    print_goal("memory", found.median, goal_bytes, "bytes");
    print_goal("start", found.min, goal_us, "us");
  }
  return 0;
}
