// How long from a crash until those whom it concerns serve again?
//
// A supervisor with 10 and with 100 children; one in the middle throws. Serving
// again is when each child that had to be started anew has handled a message.
// The floor is to spawn one bare CAF actor and have it handle one. Then a
// storm: one child throws as soon as it lives, with an intensity of 10 in 5 s;
// it must be started 11 times, with pauses or without, and no sibling may be
// touched.
#include "measure.hpp"

#include <troupe/actors/supervisor.hpp>
#include <troupe/actors/system_config.hpp>

#include <caf/all.hpp>

#include <atomic>
#include <cstdio>
#include <future>
#include <memory>
#include <semaphore>
#include <stdexcept>
#include <vector>

namespace {

using namespace troupe::benchmarks;
namespace actors = troupe::actors;

constexpr std::chrono::seconds patience{30};

/// What children tell of themselves.
struct board {
  std::counting_semaphore<> serving{0};
  std::atomic<std::uint32_t> starts{0};
  std::vector<caf::actor> living; ///< Written by the supervisor's thread.
};

struct serve {};
struct crash {};

} // namespace

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(serve)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(crash)

namespace {

caf::behavior child(caf::event_based_actor* self, std::shared_ptr<board> on) {
  self->set_exception_handler(
      [](caf::scheduled_actor*, std::exception_ptr&) -> caf::error {
        return caf::sec::runtime_error; // CAF's own prints a line
      });
  return {
      [on](serve) { on->serving.release(); },
      [](crash) { throw std::runtime_error{"boom"}; },
  };
}

actors::child_spec spec_of(std::size_t which, const std::shared_ptr<board>& on,
                           bool throws_at_once = false) {
  return {"c" + std::to_string(which),
          [which, on, throws_at_once](caf::actor_system& system) {
            on->living[which] = system.spawn(child, on);
            on->starts.fetch_add(1);
            caf::anon_send(on->living[which], serve{});
            if (throws_at_once)
              caf::anon_send(on->living[which], crash{});
            return on->living[which];
          }};
}

void await(board& on, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i)
    if (!on.serving.try_acquire_for(patience))
      wrong("children do not serve again");
}

struct ward {
  ward(caf::actor_system& system, actors::restart_strategy strategy,
       std::size_t children)
      : system_(system) {
    notes->living.resize(children);
    actors::supervisor_config config;
    config.strategy = strategy;
    config.intensity = 100'000;
    if (strategy != actors::restart_strategy::dynamic)
      for (std::size_t i = 0; i < children; ++i)
        config.children.push_back(spec_of(i, notes));
    root = actors::spawn_supervisor(system, std::move(config));
    caf::scoped_actor self{system};
    if (strategy == actors::restart_strategy::dynamic)
      for (std::size_t i = 0; i < children; ++i)
        self->request(root, patience, actors::start_child{spec_of(i, notes)})
            .receive([](const actors::child_started&) {},
                     [](const caf::error&) { wrong("no child was started"); });
    await(*notes, children);
  }
  ~ward() {
    caf::scoped_actor self{system_};
    self->monitor(root);
    self->send_exit(root, caf::exit_reason::user_shutdown);
    self->receive([](const caf::down_msg&) {});
  }

  std::shared_ptr<board> notes = std::make_shared<board>();
  actors::supervisor_actor root;

private:
  caf::actor_system& system_;
};

/// Microseconds; `touched` children serve again each time.
std::vector<double> crashes(ward& on, std::size_t which, std::size_t touched,
                            std::int64_t rounds) {
  std::vector<double> taken;
  for (std::int64_t i = 0; i < rounds; ++i) {
    const auto begin = seconds_now();
    caf::anon_send(on.notes->living[which], crash{});
    await(*on.notes, touched);
    taken.push_back((seconds_now() - begin) * 1e6);
  }
  return taken;
}

std::vector<double> bare_spawns(caf::actor_system& system,
                                std::int64_t rounds) {
  std::vector<double> taken;
  const auto notes = std::make_shared<board>();
  for (std::int64_t i = 0; i < rounds; ++i) {
    const auto begin = seconds_now();
    const auto it = system.spawn(child, notes);
    caf::anon_send(it, serve{});
    await(*notes, 1);
    taken.push_back((seconds_now() - begin) * 1e6);
    caf::anon_send_exit(it, caf::exit_reason::user_shutdown);
  }
  return taken;
}

void row(const std::string& what, const std::vector<double>& taken) {
  double sum = 0;
  for (const auto it : taken)
    sum += it;
  char note[64];
  std::snprintf(note, sizeof note, "mean %.1f",
                sum / static_cast<double>(taken.size()));
  print_row(what, spread_of(taken), "us", note);
}

/// How often a child that always throws is started before its supervisor ends.
void storm(caf::actor_system& system, actors::restart_backoff backoff,
           const char* name) {
  const auto notes = std::make_shared<board>();
  notes->living.resize(2);
  const auto calm = std::make_shared<board>();
  calm->living.resize(2);
  actors::supervisor_config config;
  config.intensity = 10;
  config.backoff = backoff;
  config.children = {spec_of(0, calm), spec_of(1, notes, true)};
  const auto begin = seconds_now();
  const auto root = actors::spawn_supervisor(system, std::move(config));
  caf::scoped_actor self{system};
  self->monitor(root);
  self->receive([](const caf::down_msg&) {},
                caf::after(patience) >>
                    [] { wrong("the storm does not end"); });
  const auto taken = (seconds_now() - begin) * 1e3;
  std::printf("%-44s %u starts, then it gave up after %.1f ms\n", name,
              notes->starts.load(), taken);
  if (notes->starts != 11 || calm->starts != 1)
    wrong("a storm must be bounded, and touch nobody else");
}

} // namespace

int main(int argc, char** argv) {
  using strategy = actors::restart_strategy;
  const options given{argc,
                      argv,
                      "How long from a crash until all serve again?",
                      {{"rounds", 200, "crashes of each kind"}}};
  print_machine();
  actors::system_config config{2};
  caf::actor_system system{config};
  row("floor: spawn a bare actor, first message",
      bare_spawns(system, given["rounds"]));
  for (const std::size_t children : {10U, 100U}) {
    const auto name = std::to_string(children) + " children, ";
    const auto middle = children / 2;
    for (const auto& [how, text, touched] :
         {std::tuple{strategy::one_for_one, "one_for_one", std::size_t{1}},
          std::tuple{strategy::rest_for_one, "rest_for_one", children - middle},
          std::tuple{strategy::one_for_all, "one_for_all", children},
          std::tuple{strategy::dynamic, "dynamic", std::size_t{1}}}) {
      ward on{system, how, children};
      row(name + text, crashes(on, middle, touched, given["rounds"]));
    }
  }
  storm(system, {}, "storm, no pauses");
  storm(system, {std::chrono::milliseconds{1}, std::chrono::milliseconds{50}},
        "storm, pauses up to 50 ms");
  return 0;
}
