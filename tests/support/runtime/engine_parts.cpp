#include "support/runtime/engine_parts.hpp"

#include <caf/all.hpp>

namespace troupe::test {

using namespace std::chrono_literals;

namespace {

/// An explicit instantiation may name private members; this hands one out.
template <class Tag, typename Tag::type Member>
struct opened {
  friend typename Tag::type member_of(Tag) { return Member; }
};

struct roles_tag {
  using type = role_handles engine::*;
  friend type member_of(roles_tag);
};
struct root_tag {
  using type = actors::supervisor_actor engine::*;
  friend type member_of(root_tag);
};
template struct opened<roles_tag, &engine::roles_>;
template struct opened<root_tag, &engine::root_>;

} // namespace

role_handles& roles_of(engine& from) {
  return from.*member_of(roles_tag{});
}

actors::supervisor_actor& root_of(engine& from) {
  return from.*member_of(root_tag{});
}

void kill(const caf::actor& who) {
  caf::anon_send_exit(who, caf::exit_reason::kill);
}

bool agents_are_back(engine& from) {
  const auto agents = roles_of(from).get(&roles::agents);
  caf::scoped_actor self{agents.home_system()};
  bool all_alive = false;
  self->request(agents, 20s, actors::list_children{})
      .receive(
          [&](const actors::children_listed& listed) {
            all_alive = true;
            for (const auto& child : listed.children)
              all_alive = all_alive && child.is_alive;
          },
          [](const caf::error&) {});
  return all_alive;
}

protocol::mission mission_of(const std::string& agent) {
  protocol::mission mission;
  mission.name = "one";
  auto& task = mission.tasks.emplace_back();
  task.id = "it";
  task.agent = agent;
  task.prompt = "Do it";
  return mission;
}

} // namespace troupe::test
