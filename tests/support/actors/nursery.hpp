#pragma once

#include "support/virtual_time.hpp"

#include <troupe/actors/supervisor.hpp>

#include <caf/all.hpp>

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace troupe::test {

/// What children have noted.
struct diary {
  std::vector<std::string> lines;
  std::map<std::string, caf::actor> living; // the latest of each
};

enum class manner { obedient, slow, hanging };

/// A child that notes when it is told to stop and when it is gone.
inline caf::actor spawn_child(caf::actor_system& system, std::string id,
                              manner how, std::shared_ptr<diary> notes) {
  notes->lines.push_back("+" + id);
  auto child = system.spawn([=](caf::event_based_actor* self) -> caf::behavior {
    self->attach_functor([=] { notes->lines.push_back("-" + id); });
    if (how != manner::obedient)
      self->set_exit_handler([=](const caf::exit_msg&) {
        notes->lines.push_back("?" + id);
        if (how == manner::slow)
          self->delayed_send(self, std::chrono::milliseconds{100},
                             std::string{"now"});
      });
    return {[=](const std::string& what) {
      if (what == "throw")
        throw std::runtime_error{"boom"};
      self->quit();
    }};
  });
  notes->living[id] = child;
  return child;
}

/// A supervisor with children that note what befalls them: "+a" started, "-a"
/// gone, "?a" told to stop.
struct nursery {
  actors::child_spec
  child(const std::string& id, manner how = manner::obedient,
        actors::restart_type restart = actors::restart_type::permanent) {
    return {id,
            [id, how, notes = notes](caf::actor_system& system) {
              return spawn_child(system, id, how, notes);
            },
            restart, std::chrono::milliseconds{1'000}};
  }

  /// A supervisor as a child, with children of its own.
  static actors::child_spec nested(const std::string& id,
                                   std::vector<actors::child_spec> children) {
    actors::supervisor_config config;
    config.name = id;
    config.children = std::move(children);
    return {id,
            [config](caf::actor_system& system) {
              return caf::actor_cast<caf::actor>(
                  actors::spawn_supervisor(system, config));
            },
            actors::restart_type::permanent, actors::no_stop_limit,
            actors::child_kind::supervisor};
  }

  void open(std::vector<actors::child_spec> children,
            actors::restart_strategy strategy =
                actors::restart_strategy::one_for_one) {
    actors::supervisor_config config;
    config.strategy = strategy;
    config.children = std::move(children);
    open(config);
  }

  void open(const actors::supervisor_config& config) {
    supervisor = world.keep(actors::spawn_supervisor(world.system(), config));
    supervisor->attach_functor(
        [this](const caf::error& why) { end = actors::from_caf(why); });
    world.run();
  }

  void tell(const std::string& id, const std::string& what) {
    world.tell(notes->living.at(id), what);
  }
  std::vector<std::string> take() { return std::exchange(notes->lines, {}); }
  ~nursery() { notes->living.clear(); }

  std::shared_ptr<diary> notes = std::make_shared<diary>();
  std::optional<protocol::error> end;
  actors::supervisor_actor supervisor;
  virtual_time world;
};

} // namespace troupe::test
