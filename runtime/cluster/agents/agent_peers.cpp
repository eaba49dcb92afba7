#include "agent_peers.hpp"

#include "engine/ask_actor.hpp"
#include "engine/engine_access.hpp"
#include "node_words.hpp"

#include <algorithm>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

void agent_peers::begin(engine& at, node_actor node) {
  const std::lock_guard lock{mutex_};
  engine_ = &at;
  node_ = std::move(node);
}

void agent_peers::close() {
  questions_.close();
  const std::lock_guard lock{mutex_};
  node_ = nullptr;
}

template <class Answer, class Message>
result<Answer> agent_peers::ask_node(Message message) {
  node_actor to;
  {
    const std::lock_guard lock{mutex_};
    to = node_;
  }
  if (!to)
    return fail(errc::unreachable, "the node has ended or has not begun");
  return ask_for<Answer>(engine_->system(), to, "the node is gone",
                         std::move(message));
}

result<std::vector<agent_place>> agent_peers::places() {
  auto all = ask_node<agents_listed>(list_agents{});
  if (!all)
    return all.error();
  return std::move(all->places);
}

result<std::vector<std::string>> agent_peers::best() {
  auto views = ask_node<nodes_listed>(list_nodes{});
  if (!views)
    return views.error();
  auto& all = views->nodes;
  std::erase_if(all, [](const node_view& it) {
    return it.is_draining || it.link_max < agents_version
           || (it.state != "up" && it.state != "self");
  });
  std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
    return std::uint64_t{x.busy + x.agents + 1} * std::max(1U, y.capacity)
           < std::uint64_t{y.busy + y.agents + 1} * std::max(1U, x.capacity);
  });
  std::vector<std::string> names;
  for (const auto& it : all)
    names.push_back(it.name);
  return names;
}

result<link_found> agent_peers::link_to(const std::string& node) {
  auto link = ask_node<link_found>(find_link{node});
  if (link && !link->link)
    return fail(errc::unreachable, "node '" + node + "' is gone");
  return link;
}

result<link_found> agent_peers::reach(const std::string& node) {
  const auto views = ask_node<nodes_listed>(list_nodes{});
  if (!views)
    return views.error();
  const auto it =
      std::find_if(views->nodes.begin(), views->nodes.end(),
                   [&](const auto& each) { return each.name == node; });
  if (it == views->nodes.end() || it->state == "self")
    return fail(errc::invalid_request,
                "no other node is called '" + node + "'");
  if (it->state != "up" && it->state != "suspect")
    return fail(errc::unreachable, "node '" + node + "' is " + it->state);
  if (it->link_max < agents_version)
    return fail(errc::invalid_request,
                "node '" + node
                    + "' is of a release that starts no agents for others: "
                      "upgrade it");
  return link_to(node);
}

result<agent_told> agent_peers::ask(const std::string& node, agent_asks what,
                                    std::chrono::milliseconds patience) {
  const auto to = reach(node);
  if (!to)
    return to.error();
  const auto request = engine_access::next_id(*engine_);
  auto text = words_of(agent_question{request, std::move(what)});
  if (text.size() > bytes_max_)
    return fail(errc::limit_exceeded, "it is more than a link carries at once");
  if (auto opened = questions_.open(request, node, *to->status); !opened)
    return opened.error();
  caf::anon_send(
      to->link, say_once{std::make_shared<const std::string>(std::move(text))});
  auto answer = questions_.wait(request, *to->status, patience);
  if (answer)
    if (auto* no = std::get_if<agent_not_done>(&*answer))
      return std::move(no->why);
  return answer;
}

result<void> agent_peers::have_done(const std::string& node, agent_asks what,
                                    std::chrono::milliseconds patience) {
  const auto answer = ask(node, std::move(what), patience);
  if (!answer)
    return answer.error();
  if (!std::holds_alternative<agent_done>(*answer))
    return fail(errc::malformed_message,
                "node '" + node + "' has answered what it was not asked");
  return {};
}

void agent_peers::hear(const std::string& peer, agent_answer what) {
  questions_.answer(peer, std::move(what));
}

void agent_peers::tell(const std::string& peer, const protocol::id& request,
                       const result<agent_told>& what) {
  const auto to = link_to(peer);
  if (!to)
    return;
  auto text = words_of(agent_answer{
      request, what ? *what : agent_told{agent_not_done{what.error()}}});
  caf::anon_send(
      to->link, say_once{std::make_shared<const std::string>(std::move(text))});
}

} // namespace troupe::cluster
