#pragma once

#include "leader_services.hpp"
#include "link_messages.hpp"
#include "link_session.hpp"
#include "load_board.hpp"
#include "peer_watch.hpp"
#include "settle_up.hpp"
#include "state_feed.hpp"

#include <troupe/actors/agent.hpp>
#include <troupe/actors/budget_manager.hpp>
#include <troupe/actors/registry.hpp>
#include <troupe/protocol/byte_size.hpp>

#include <functional>
#include <memory>
#include <string>

namespace troupe::cluster {

/// LINK: one a peer, on each node. Carries what goes between the two, answers
/// all that it took when the peer is lost, and bounds what is on its way.
using link_actor = caf::typed_actor<
    caf::replies_to<perform_there>::with<
        protocol::response<protocol::task_result>>,
    caf::replies_to<ask_there>::with<told_there>,
    caf::replies_to<keep_there>::with<kept_there>, caf::reacts_to<fed>,
    caf::reacts_to<feed_wish>,
    caf::reacts_to<protocol::coordination<protocol::cancel>>,
    caf::reacts_to<protocol::coordination<protocol::task_accepted>>,
    caf::reacts_to<protocol::coordination<protocol::task_refused>>,
    caf::reacts_to<protocol::coordination<protocol::task_started>>,
    caf::reacts_to<protocol::coordination<protocol::task_progress>>,
    caf::reacts_to<protocol::coordination<protocol::task_finished>>,
    caf::reacts_to<protocol::notification<protocol::model_delta>>,
    caf::reacts_to<keep_saying>, caf::reacts_to<say_once>,
    caf::reacts_to<hello_arrived>, caf::reacts_to<frames_arrived>,
    caf::reacts_to<connection_ended>, caf::reacts_to<node_moved>,
    caf::reacts_to<end_link>>;

/// Whom a link tells about its peer.
using link_owner =
    caf::typed_actor<caf::reacts_to<peer_says>, caf::reacts_to<peer_changed>>;

struct link_limits {
  watch_limits watch{};
  session_limits session{};
  inbound_limits inbound{};
  std::size_t asked_max = 100'000; ///< Requests to the peer that are open.
  std::size_t tasks_max = 10'000;  ///< Of the peer, under way here.
};

/// What links of a node stand on. Its functions may be called by any thread.
struct link_parts {
  hello mine; ///< But for the session.
  link_limits limits{};
  actors::wall_clock clock;
  std::function<actors::registry_actor()> registry;
  std::function<actors::budget_actor()> budget;
  /// Of runs of this node; null: they are not kept.
  std::function<actors::journal_actor()> journal;
  /// What this node has while it leads; null: it does not.
  std::function<services_ptr()> services;
  /// The budget, as one that takes `settle_up`.
  std::function<budget_front_actor()> front;
  /// Connects to an address with that hello; `owner` is told of it.
  std::function<void(const std::string& address, const hello& mine,
                     std::shared_ptr<connection_owner> owner)>
      dial;
  /// Whether somebody only stands for the agent of that name.
  std::function<bool(const std::string&, const actors::agent_actor&)>
      is_stand_in;
  /// Who pays for a task of another node.
  std::function<void(const std::string& account, const link_actor& home)>
      note_home;
  std::shared_ptr<load_board> load;
};

struct link_config {
  std::string peer;
  std::string address; ///< Empty: only the peer connects.
  std::uint64_t seed = 0;
  /// Of the link to that peer: those that have died leave their number.
  std::uint64_t life = 0;
  std::shared_ptr<const link_parts> parts;
  std::shared_ptr<link_status> status;
  link_owner owner;
};

[[nodiscard]] link_actor spawn_link(caf::actor_system& system,
                                    link_config config);

} // namespace troupe::cluster
