#pragma once

#include "connection.hpp"
#include "journal_words.hpp"
#include "peer_watch.hpp"

#include <troupe/actors/caf_types.hpp>
#include <troupe/protocol/byte_size.hpp>

#include <memory>
#include <string>

/// What others say to a link, and it to its node; all within a process.
namespace troupe::cluster {

/// Asks a LINK to have an agent of its node do a task.
struct perform_there {
  std::string agent;
  protocol::request<protocol::perform_task> what;

  [[nodiscard]] std::size_t bytes() const { return protocol::byte_size(what); }
};

/// Asks a LINK for what some role of its node answers: `reserve_budget`,
/// `settle_budget` or `broadcast`.
struct ask_there {
  std::shared_ptr<const protocol::any_message> what;
};

/// Answers `ask_there`.
struct told_there {
  std::shared_ptr<const protocol::any_message> what;
};

/// Asks a LINK to have its node keep something in the journal there.
struct keep_there {
  std::shared_ptr<const journal_asks> what;
};
/// Answers `keep_there`.
struct kept_there {
  std::shared_ptr<const journal_told> what;
};

/// To be said to the node when it joins, and now if it is there: the newest of
/// its kind stands for all before.
struct keep_saying {
  std::shared_ptr<const std::string> text;
};

/// To be said to the node once.
struct say_once {
  std::shared_ptr<const std::string> text;
};

/// What the other node has said of itself.
struct peer_says {
  std::string name;
  std::shared_ptr<const std::string> text;
};

/// A link's state has changed.
struct peer_changed {
  std::string name;
  peer_state state = peer_state::joining;
};

/// What happens to a link's connections; of the connection's own thread.
struct hello_arrived {
  std::uint64_t serial = 0; ///< Of the dial; 0: it was accepted.
  std::shared_ptr<connection> on;
  std::shared_ptr<const hello> theirs;
};
struct frames_arrived {
  std::uint64_t serial = 0;
  std::shared_ptr<inbound_batch> what;
};
struct connection_ended {
  std::uint64_t serial = 0;
  std::string why;
  bool is_refused = false;
};
/// The node's address is another one now.
struct node_moved {
  std::string address;
};
/// The link is not needed any more; `why` is told to the other node.
struct end_link {
  std::string why;
  bool is_leaving = false;
};

} // namespace troupe::cluster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::perform_there)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::ask_there)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::told_there)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::keep_there)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::kept_there)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::keep_saying)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::say_once)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::peer_says)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::peer_changed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::hello_arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::frames_arrived)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::connection_ended)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::node_moved)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::cluster::end_link)
