// The part of a node that tells something to the agents of all.
#include "engine/ask_actor.hpp"
#include "engine/engine_access.hpp"
#include "engine/runtime_access.hpp"
#include "node_inside.hpp"

namespace troupe::cluster {

using protocol::broadcast_sent;
using protocol::result;

namespace {

void add(broadcast_sent& to, const broadcast_sent& more) {
  to.reached += more.reached;
  to.refused += more.refused;
}

} // namespace

result<broadcast_sent> node::broadcast(protocol::broadcast message,
                                       std::string from) {
  auto& engine = runtime_access::engine_of(host());
  const auto all = nodes();
  if (!all)
    return all.error();
  protocol::request<protocol::broadcast> ask;
  ask.head.from = from;
  ask.body = message;
  auto sum = host().broadcast(std::move(message), std::move(from));
  if (!sum)
    return sum;
  for (const auto& it : *all) {
    if (it.state != "up")
      continue;
    const auto to = node_inside::link_to(*this, it.name).link;
    ask.head.message = engine_access::next_id(engine);
    const auto told = ask_for<told_there>(
        engine.system(), to, "the link is gone",
        ask_there{std::make_shared<const protocol::any_message>(ask)});
    if (!told)
      return told.error();
    if (const auto* answer =
            std::get_if<protocol::response<broadcast_sent>>(told->what.get()))
      add(*sum, answer->body);
  }
  return sum;
}

} // namespace troupe::cluster
