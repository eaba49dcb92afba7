// The part of the world that lets processes begin and end.
#include "world.hpp"

#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "engine/runtime_access.hpp"
#include "workload.hpp"

#include <caf/all.hpp>

#include <algorithm>

namespace troupe::testing::sim {

using namespace std::chrono_literals;
using protocol::errc;

namespace {

constexpr protocol::instant beginning{1'800'000'000s};

runtime_config config_of(std::uint64_t seed) {
  runtime_config config;
  config.seed = seed;
  config.log.level = log_level::off;
  config.journal = "journal";
  config.budget = protocol::money{100'000'000'000'000};
  std::erase_if(config.providers, [](const auto& it) {
    return it.kind != provider_kind::simulated;
  });
  for (auto& it : config.providers)
    it.connections_max = places;
  config.limits.runs = runs_max;
  return config;
}

} // namespace

world::world(std::uint64_t seed)
    : seed_(seed), disk_(mixed(seed, 1)),
      net_(std::make_shared<network>(mixed(seed, 2))),
      models_(mixed(seed, 3), [this](fact it) { witness(std::move(it)); }),
      now_(beginning) {
  if (!begin_life())
    return;
  advance(1s); // all have begun
  actors_at_rest_ =
      static_cast<std::int32_t>(engine().system().registry().running());
}

world::~world() {
  end_life(0);
}

engine& world::engine() {
  return runtime_access::engine_of(*runtime_);
}

/// Before each turn of an actor: false, and the process is dead.
bool world::takes_turn() {
  if (turns_left_ == 0 || --turns_left_ > 0)
    return true;
  disk_.cut();
  is_alive_ = false;
  return false;
}

/// What was on its way is lost with the process; and its time may step back.
void world::new_network() {
  const auto& was = net_->counts();
  const auto add = [this](const char* kind, std::uint64_t count) {
    if (count > 0)
      history_.faults[kind] += count;
  };
  add("net_dropped", was.dropped);
  add("net_copied", was.copied);
  add("net_overtaking", was.overtaking);
  net_ = std::make_shared<network>(mixed(seed_, 2'000 + life_));
}

bool world::begin_life() {
  ++life_;
  new_network();
  engine_options options;
  options.driven_by = mixed(seed_, 1'000 + life_);
  options.start = now_;
  options.vfs = disk_.vfs();
  options.providers["simulated"] = [this](caf::actor_system& system,
                                          const actors::wall_clock& clock) {
    return spawn_scripted_provider(
        system, clock,
        [this, &system, clock](const auto& asked) -> model_act {
          if (is_alive_)
            return models_.answer(asked, clock.at(system.clock().now()),
                                  runtime_->models());
          model_act none;
          none.outcome = protocol::fail(errc::provider_unavailable, "");
          return none;
        },
        life_ % 3 == 2 ? nullptr : net_); // in some lives they are at hand
  };
  auto made = runtime_access::create(config_of(seed_), std::move(options));
  if (!made) {
    note({fact_kind::broken,
          0,
          {},
          {},
          "start",
          "the engine does not start: " + made.error().detail});
    return false;
  }
  runtime_.emplace(std::move(*made));
  is_alive_ = true;
  is_sick_ = false;
  turns_left_ = 0;
  aim_.reset();
  actors::driving_of(engine().system())->before_turn = [this] {
    return takes_turn();
  };
  note({fact_kind::life_began});
  store_ = 0;
  add_tools();
  add_agents();
  follow();
  return true;
}

/// Lets the process end; what it does meanwhile is seen by nobody where it has
/// died before.
void world::end_life(int how) {
  if (!runtime_)
    return;
  collect();
  now_ = engine().now();
  is_alive_ = false;
  auto& driven = *actors::driving_of(engine().system());
  driven.before_turn = nullptr;
  driven.is_halted = false;
  for (auto& [id, it] : runs_) {
    it.handle.reset();
    it.is_paused = false;
  }
  questions_.clear();
  aim_.reset();
  runtime_.reset();
  stream_.reset();
  feed_.reset();
  versions_.clear();
  fact end{fact_kind::life_ended};
  end.number = how;
  note(std::move(end));
}

/// In the midst of what it does.
void world::die(bool is_power) {
  if (!runtime_)
    return;
  if (is_alive_) {
    disk_.cut();
    is_alive_ = false;
    actors::driving_of(engine().system())->is_halted = true;
  }
  end_life(is_power ? 2 : 1);
  if (is_power)
    disk_.power_on();
  else
    disk_.go_on();
}

void world::go_on_anew() {
  disk_.heal();
  now_ += 1s;
  if (begin_life())
    resume_all();
}

void world::resume_all() {
  for (auto& [id, it] : runs_) {
    if (it.has_ended || it.handle || !runtime_)
      continue;
    auto again = runtime_->resume(id);
    ++history_.operations;
    if (again) {
      it.handle.emplace(std::move(*again));
      note({fact_kind::run_resumed, 0, {}, id});
      continue;
    }
    const auto& why = again.error();
    note({fact_kind::run_not_resumed,
          0,
          {},
          id,
          {},
          std::string{to_string(why.code)} + ": " + why.detail});
    if (why.code == errc::unknown_run)
      it.has_ended = true;
  }
}

std::vector<actors::child_state>
world::children_of(const caf::actor& supervisor) {
  const auto listed = ask_for<actors::children_listed>(
      engine().system(), caf::actor_cast<actors::supervisor_actor>(supervisor),
      "gone", actors::list_children{});
  return listed ? listed->children : std::vector<actors::child_state>{};
}

std::vector<actors::child_state> world::all_children() {
  auto all = children_of(caf::actor_cast<caf::actor>(engine().root()));
  for (const auto& it : all)
    if (it.id == "agents" && it.handle) {
      for (auto& agent : children_of(it.handle))
        all.push_back(std::move(agent));
      break;
    }
  return all;
}

bool world::is_tree_alive() {
  const auto listed = ask_for<actors::children_listed>(
      engine().system(), engine().root(), "gone", actors::list_children{});
  if (!listed)
    return listed.error().code != errc::unreachable;
  for (const auto& it : listed->children)
    if (it.id == "state-store" && it.incarnation != store_) {
      if (store_ != 0)
        note({fact_kind::state_lost});
      store_ = it.incarnation;
    }
  return true;
}

void world::advance(protocol::duration by) {
  if (!runtime_)
    return;
  (void)actors::drive(engine().system(), by, [] { return false; });
}

} // namespace troupe::testing::sim
