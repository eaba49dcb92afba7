// The part of the agents' desk that speaks with nodes.
#include "agent_desk.hpp"

#include <caf/all.hpp>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t kinds_max = 1'000;
/// A node starts or stops an agent in less.
constexpr std::chrono::seconds start_patience{25};

/// Who was asked may have done it all the same.
bool is_unsure(errc code) {
  return code == errc::deadline_exceeded || code == errc::unreachable
         || code == errc::malformed_message;
}

} // namespace

agent_desk::agent_desk(agent_desk_config config)
    : config_(std::move(config)),
      peers_(config_.node, config_.message_bytes_max) {}

void agent_desk::begin(engine& at, node_actor node) {
  {
    const std::lock_guard lock{mutex_};
    engine_ = &at;
  }
  peers_.begin(at, std::move(node));
  errands_.begin([this] {
    settle_doubts();
    look_around();
  });
}

void agent_desk::close() {
  std::map<std::string, gate_actor> gates;
  {
    const std::lock_guard lock{mutex_};
    is_closed_ = true;
    gates.swap(gates_);
  }
  peers_.close();
  for (const auto& [name, gate] : gates) // whoever waits for one is told
    caf::anon_send_exit(gate, caf::exit_reason::user_shutdown);
  errands_.close();
  const std::lock_guard lock{mutex_};
  here_.clear();
  gates_.clear();
}

result<void> agent_desk::add_kind(const std::string& kind, agent_kind make) {
  const std::lock_guard lock{mutex_};
  if (kind.empty() || kind.size() > 64 || !make)
    return fail(errc::invalid_request,
                "a kind of agents has a name of 1 to 64 bytes, and code");
  if (kinds_.size() >= kinds_max && kinds_.count(kind) == 0)
    return fail(errc::limit_exceeded, "too many kinds of agents");
  kinds_[kind] = std::move(make);
  return {};
}

result<std::vector<agent_place>> agent_desk::places() {
  return peers_.places();
}

/// The one node that has it.
result<std::string> agent_desk::place_of(const std::string& name) {
  {
    const std::lock_guard lock{mutex_};
    if (here_.count(name) != 0)
      return config_.node;
  }
  const auto all = places();
  if (!all)
    return all.error();
  std::vector<std::string> nodes;
  for (const auto& it : *all)
    if (it.name == name)
      nodes.push_back(it.node);
  if (nodes.empty())
    return fail(errc::unknown_agent, "no node has agent '" + name + "'");
  if (nodes.size() > 1)
    return fail(errc::invalid_request, "agent '" + name + "' is on node '"
                                           + nodes[0] + "' and on '" + nodes[1]
                                           + "': say which is meant");
  return nodes.front();
}

/// That may start it, the best first; the one that has it alone, if one does.
result<std::vector<std::string>>
agent_desk::nodes_for(const agent_order& what) {
  if (auto has = place_of(what.spec.card.name))
    return std::vector{*has};
  return peers_.best();
}

result<std::string> agent_desk::start(const agent_order& what,
                                      const std::string& on) {
  if (auto problems = problems_of(what); !problems.empty())
    return fail(errc::invalid_request, std::move(problems));
  const auto nodes =
      on.empty() ? nodes_for(what) : result<std::vector<std::string>>{{on}};
  if (!nodes)
    return nodes.error();
  auto why = fail(errc::overloaded, "no node may start it at present");
  for (const auto& node : *nodes) {
    const bool is_own = node == config_.node;
    if (const auto there =
            is_own ? result<link_found>{link_found{}} : peers_.reach(node);
        !there) {
      why = there.error(); // it has not been asked
      continue;
    }
    const auto started =
        is_own ? start_own(what, {}, stay::serves)
               : peers_.have_done(node, start_here{what}, start_patience);
    if (started)
      return node;
    why = started.error();
    if (!is_own && is_unsure(why.code)) {
      why.detail += "; it may have started the agent: 'agent list' tells";
      return why;
    }
  }
  return why;
}

result<std::string> agent_desk::stop(const std::string& name,
                                     const std::string& on) {
  const auto where = on.empty() ? place_of(name) : result<std::string>{on};
  if (!where)
    return where;
  const auto stopped =
      *where == config_.node
          ? stop_own(name)
          : peers_.have_done(*where, stop_here{name}, start_patience);
  if (!stopped)
    return stopped.error();
  return where;
}

result<std::string> agent_desk::move(const std::string& name,
                                     const std::string& to) {
  const auto where = place_of(name);
  if (!where || *where == to)
    return where;
  const auto patience = config_.move_max + std::chrono::seconds{30};
  const auto moved =
      *where == config_.node
          ? move_own(name, to)
          : peers_.have_done(*where, move_from_here{name, to}, patience);
  if (!moved)
    return moved.error();
  return where;
}

void agent_desk::hear(const std::string& peer, agent_answer what) {
  peers_.hear(peer, std::move(what));
}

void agent_desk::hear(const std::string& peer, agent_question what) {
  const auto request = what.request;
  auto shared = std::make_shared<agent_asks>(std::move(what.what));
  const auto work = [this, peer, request, shared] {
    peers_.tell(peer, request, obey(peer, *shared));
  };
  const bool is_taken = std::holds_alternative<move_from_here>(*shared)
                            ? errands_.add_long(work)
                            : errands_.add_short(work);
  if (is_taken)
    return;
  // Nobody waits here: the link is asked for by this node's own actor.
  (void)errands_.add_short([this, peer, request] {
    peers_.tell(
        peer, request,
        fail(errc::overloaded, "too many agents are started and moved"));
  });
}

agent_desk::told agent_desk::obey(const std::string& peer, agent_asks& what) {
  const bool is_order = std::holds_alternative<start_here>(what)
                        || std::holds_alternative<stop_here>(what)
                        || std::holds_alternative<move_from_here>(what)
                        || std::holds_alternative<take_agent>(what);
  if (is_order && !config_.is_open)
    return fail(errc::invalid_request,
                "node '" + config_.node
                    + "' lets no others start, stop or move agents here; "
                      "`agents_from_others: true` in its file does");
  const auto done = [](const result<void>& outcome) {
    return outcome ? told{agent_done{}} : told{outcome.error()};
  };
  if (auto* it = std::get_if<start_here>(&what)) {
    if (auto problems = problems_of(it->what); !problems.empty())
      return fail(errc::invalid_request, std::move(problems));
    return done(start_own(it->what, {}, stay::serves));
  }
  if (auto* it = std::get_if<stop_here>(&what))
    return done(stop_own(it->name));
  if (auto* it = std::get_if<move_from_here>(&what))
    return done(it->to == config_.node ? result<void>{}
                                       : move_own(it->name, it->to));
  return std::visit(
      [&](const auto& it) -> told {
        if constexpr (requires { take(peer, it); })
          return take(peer, it);
        return fail(errc::internal, "it was asked before");
      },
      what);
}

} // namespace troupe::cluster
