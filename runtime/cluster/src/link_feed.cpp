// The part of a link that carries what those who follow shared state are told.
#include "link_impl.hpp"

namespace troupe::cluster {

using protocol::any_message;
using protocol::errc;
using protocol::fail;

void link::follow_peer(const feed_wish& it) {
  if (const auto* more = std::get_if<protocol::grant_credit>(&it.what)) {
    if (feeds_.followed.request && feeds_.followed.feed == it.feed)
      (void)send_request(
          protocol::coordination<protocol::grant_credit>{{}, *more}, {});
    return;
  }
  end_followed(fail(errc::cancelled, "another feed takes its place"));
  const auto& what =
      std::get<protocol::request<protocol::subscribe_state>>(it.what);
  feeds_.followed = {it.feed, what.head.message, it.follower, false};
  if (watch_.state() == peer_state::down)
    return end_followed(out_of_reach());
  if (const auto sent = send_request(what, {}); !sent)
    end_followed(sent.error());
}

void link::take_fed(any_message& it) {
  using begun = protocol::response<protocol::state_subscribed>;
  if (const auto* yes = std::get_if<begun>(&it);
      yes != nullptr && yes->head.correlation == feeds_.followed.request)
    feeds_.followed.has_begun = true;
  if (!feeds_.followed.has_begun || !feeds_.followed.request) { // of one before
    ++config_.status->late;
    return;
  }
  send(feeds_.followed.follower,
       fed{feeds_.followed.feed,
           std::make_shared<const any_message>(std::move(it))});
}

void link::end_followed(const protocol::error& why) {
  if (!feeds_.followed.request)
    return;
  const auto ended = std::exchange(feeds_.followed, {});
  send(ended.follower, fed{ended.feed, why});
}

/// The newest request of a peer stands for all before.
void link::feed_peer(protocol::request<protocol::subscribe_state> what) {
  end_feeding();
  const auto services = parts().services();
  if (!services || !services->state)
    return fail_request(what.head.message,
                        fail(errc::unreachable,
                             "node '" + parts().mine.name + "' does not lead"));
  feeds_.fed = what.head.message;
  what.head = {};
  what.head.message = feeds_.fed;
  feeds_.pipe = spawn_feed(home_system(), parts().clock, services->state,
                           {++feeds_.made, std::move(what), this});
}

void link::feed_piece(const fed& it) {
  if (it.feed != feeds_.made || !feeds_.fed)
    return;
  auto why = it.what ? protocol::error{} : it.what.error();
  if (it.what) {
    const auto body = message_body(**it.what, 0, parts().limits.inbound);
    const auto sent = body ? send_frame(frame_kind::message, *body, false)
                           : protocol::result<void>{body.error()};
    if (sent)
      return flush();
    why = sent.error(); // it follows anew, when there is room
  }
  const auto request = feeds_.fed;
  end_feeding();
  fail_request(request, why);
  flush();
}

void link::feed_more(const protocol::coordination<protocol::grant_credit>& it) {
  const auto services = parts().services();
  if (feeds_.fed && services && services->state)
    send(services->state, it);
}

void link::end_feeding() {
  if (feeds_.pipe)
    send_exit(feeds_.pipe, caf::exit_reason::user_shutdown);
  feeds_.pipe = nullptr;
  feeds_.fed = {};
}

} // namespace troupe::cluster
