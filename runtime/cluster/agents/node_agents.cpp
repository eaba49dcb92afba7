// What a program asks of its node about agents.
#include "agent_desk.hpp"
#include "node_inside.hpp"

namespace troupe::cluster {

using protocol::result;

result<std::vector<agent_place>> node::agents() {
  return node_inside::desk_of(*this).places();
}

result<std::string> node::start_agent(const protocol::agent_spec& what,
                                      const std::string& on) {
  return node_inside::desk_of(*this).start({what, {}}, on);
}

result<std::string> node::start_code_agent(const protocol::agent_card& card,
                                           const std::string& kind,
                                           const std::string& on) {
  agent_order what;
  what.spec.card = card;
  what.kind = kind;
  if (kind.empty())
    return protocol::fail(protocol::errc::invalid_request,
                          "of which kind is it?");
  return node_inside::desk_of(*this).start(what, on);
}

result<void> node::add_kind(const std::string& kind, agent_kind make) {
  return node_inside::desk_of(*this).add_kind(kind, std::move(make));
}

result<std::string> node::stop_agent(const std::string& name,
                                     const std::string& on) {
  return node_inside::desk_of(*this).stop(name, on);
}

result<std::string> node::move_agent(const std::string& name,
                                     const std::string& to) {
  return node_inside::desk_of(*this).move(name, to);
}

} // namespace troupe::cluster
