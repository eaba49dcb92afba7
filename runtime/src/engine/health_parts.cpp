#include "engine/health_parts.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <caf/all.hpp>

#include <algorithm>

namespace troupe {

using protocol::agent_condition;
using protocol::health_step;

namespace {

/// The last segment of the topic that tells of a step.
std::string word_for(agent_condition to) {
  return to == agent_condition::well ? "recovered" : std::string(enum_name(to));
}

void tell(const health_step& step, const role_handles& handles,
          const actors::journal_actor& journal, protocol::header head) {
  if (journal) // before what follows from it
    caf::anon_send(journal, actors::keep_health{step});
  const auto hub = handles.get(&roles::topics);
  if (!hub)
    return;
  protocol::publish what;
  what.topic = "health." + word_for(step.to);
  what.content_type = "application/json";
  what.content = boost::json::serialize(protocol::to_json(step));
  head.from = "health";
  caf::anon_send(hub, protocol::request<protocol::publish>{std::move(head),
                                                           std::move(what)});
}

} // namespace

std::shared_ptr<actors::health_book>
make_health_book(const health_config& from) {
  if (!from.enabled)
    return nullptr;
  actors::health_limits to;
  to.window = from.window;
  to.count_min = from.count_min;
  to.failures_permille = from.failures_permille;
  to.gates_permille = from.gates_permille;
  to.slow_permille = from.slow_permille;
  to.slow_floor = from.slow_floor;
  to.drain_max = from.drain_max;
  to.drain_max_of_last = std::min(to.drain_max_of_last, from.drain_max);
  to.restart_pause = from.restart_pause;
  to.rest = from.rest;
  to.rest_max = from.rest_max;
  return std::make_shared<actors::health_book>(to);
}

std::vector<actors::skill_count>
count_skills(const std::map<std::string, protocol::agent_card>& cards,
             const std::string& agent) {
  std::vector<actors::skill_count> counts;
  const auto own = cards.find(agent);
  if (own == cards.end())
    return counts;
  for (const auto& skill : own->second.skills) {
    auto& it = counts.emplace_back(actors::skill_count{skill, 0});
    for (const auto& [name, card] : cards)
      it.agents += static_cast<std::size_t>(
          std::count(card.skills.begin(), card.skills.end(), skill));
  }
  return counts;
}

actors::child_spec
health_child(const std::shared_ptr<actors::health_book>& book,
             role_handles& handles, const actors::journal_actor& journal,
             const actors::wall_clock& clock, actors::skill_counter skills,
             std::function<protocol::header()> new_header) {
  return {"health",
          [book, &handles, &journal, clock, skills = std::move(skills),
           head = std::move(new_header)](caf::actor_system& system) {
            actors::health_desk_config config;
            config.book = book;
            config.registry = handles.get(&roles::registry);
            config.skills = skills;
            config.clock = clock;
            config.tell = [&handles, &journal, head](const health_step& step) {
              tell(step, handles, journal, head());
            };
            return caf::actor_cast<caf::actor>(
                actors::spawn_health_desk(system, std::move(config)));
          }};
}

} // namespace troupe
