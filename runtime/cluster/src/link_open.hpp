#pragma once

#include "link_messages.hpp"
#include "state_feed.hpp"

#include <troupe/actors/agent.hpp>

#include <caf/typed_response_promise.hpp>

#include <variant>

/// What is open on a link. Private to its sources.
namespace troupe::cluster {

using task_promise =
    caf::typed_response_promise<protocol::response<protocol::task_result>>;
using role_promise = caf::typed_response_promise<told_there>;
using kept_promise = caf::typed_response_promise<kept_there>;

/// A request that the peer is to answer.
struct asked {
  std::variant<task_promise, role_promise, kept_promise> promise;
  caf::strong_actor_ptr follower; ///< Who is told of progress; may be null.
  protocol::instant due{};        ///< Epoch: none.
};

/// A task of the peer, at work here.
struct performing {
  protocol::id scope;
  actors::agent_actor agent; ///< Null until it is found.
  bool is_cancelled = false;
};

/// Who follows the shared state over the link, in either direction.
struct link_feeds {
  struct following {
    std::uint64_t feed = 0; ///< Of the follower.
    protocol::id request;   ///< None: nothing is followed.
    fed_actor follower;
    bool has_begun = false; ///< The peer has answered it.
  };
  following followed; ///< By this node.
  protocol::id fed;   ///< The peer's request that is fed; none: none is.
  std::uint64_t made = 0;
  caf::actor pipe; ///< Of `fed`.
};

} // namespace troupe::cluster
