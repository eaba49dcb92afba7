#include "client_agents.hpp"

namespace troupe::cluster {

using protocol::result;

namespace {

client_told place_told(const result<std::string>& where) {
  return where ? client_told{agent_at{*where}}
               : client_told{refused{where.error()}};
}

} // namespace

std::optional<client_told> answer_of_agents(agent_desk& desk,
                                            client_asks& what) {
  if (std::holds_alternative<ask_agents>(what)) {
    auto all = desk.places();
    return all ? client_told{agents_told{std::move(*all)}}
               : client_told{refused{all.error()}};
  }
  if (auto* it = std::get_if<ask_start>(&what))
    return place_told(desk.start({it->agent, {}}, it->on));
  if (auto* it = std::get_if<ask_stop>(&what))
    return place_told(desk.stop(it->name, it->on));
  if (auto* it = std::get_if<ask_move>(&what))
    return place_told(desk.move(it->name, it->to));
  return {};
}

} // namespace troupe::cluster
