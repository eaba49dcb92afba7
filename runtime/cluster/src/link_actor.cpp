// The part of a link that keeps its connection.
#include "link_actor.hpp"

#include "link_impl.hpp"
#include "node_words.hpp"

#include <troupe/actors/log.hpp>

namespace troupe::cluster {

using protocol::cancel;
using protocol::errc;
using protocol::fail;
using protocol::model_delta;
using protocol::notification;
using protocol::result;
using protocol::task_accepted;
using protocol::task_finished;
using protocol::task_progress;
using protocol::task_refused;
using protocol::task_started;

namespace {

/// A connection so young may be one of two that were made at one time.
constexpr std::chrono::seconds race_time{2};

/// Hands what happens to a connection to the link's mailbox.
class link_mail final : public connection_owner {
public:
  link_mail(link_actor to, std::string peer, std::uint64_t serial, hello mine)
      : to_(std::move(to)), peer_(std::move(peer)), serial_(serial),
        mine_(std::move(mine)) {}

  void on_hello(const std::shared_ptr<connection>& it, hello theirs,
                std::optional<peer_name> certified) override {
    const auto good =
        check_hello(mine_, theirs, certified ? &*certified : nullptr);
    if (!good)
      return it->close(good.error().detail);
    if (theirs.name != peer_)
      return it->close("node '" + theirs.name + "' is where '" + peer_
                       + "' should be");
    caf::anon_send(
        to_, hello_arrived{serial_, it,
                           std::make_shared<const hello>(std::move(theirs))});
  }

  void on_frames(const connection&, inbound_batch what) override {
    caf::anon_send(to_, frames_arrived{serial_, std::make_shared<inbound_batch>(
                                                    std::move(what))});
  }

  void on_closed(const connection&, const protocol::error& why,
                 bool is_refused) override {
    caf::anon_send(to_, connection_ended{serial_, why.detail, is_refused});
  }

private:
  link_actor to_;
  std::string peer_;
  std::uint64_t serial_;
  hello mine_;
};

} // namespace

link::link(caf::actor_config& cfg, link_config config)
    : actor_base(cfg, config.parts->clock,
                 {static_cast<std::uint32_t>(config.parts->limits.asked_max)}),
      config_(std::move(config)), ids_(config_.seed),
      session_(config_.parts->limits.session, config_.parts->mine.incarnation,
               (config_.life << 32U) + 1),
      watch_(config_.parts->limits.watch, clock().now()) {}

link::behavior_type link::make_behavior() {
  start();
  return {
      [this](const perform_there& it) { return ask_task(it); },
      [this](const ask_there& it) { return ask_role(it); },
      [this](const keep_there& it) { return ask_journal(it); },
      [this](const fed& it) { feed_piece(it); },
      [this](const feed_wish& it) { follow_peer(it); },
      [this](const coordination<cancel>& it) { (void)send_request(it, {}); },
      [this](const coordination<task_accepted>& it) { tell_peer(it); },
      [this](const coordination<task_refused>& it) { tell_peer(it); },
      [this](const coordination<task_started>& it) { tell_peer(it); },
      [this](const coordination<task_progress>& it) { tell_peer(it); },
      [this](const coordination<task_finished>& it) { tell_peer(it); },
      [this](const notification<model_delta>& it) { tell_peer(it); },
      [this](const keep_saying& it) { say(facts_ = it.text); },
      [this](const say_once& it) { say(it.text); },
      [this](const hello_arrived& it) { take_hello(it); },
      [this](const frames_arrived& it) { take_frames(it); },
      [this](const connection_ended& it) { lost(it); },
      [this](const node_moved& it) { move_to(it.address); },
      [this](const end_link& it) { end(it); },
      [this](const actors::deadline_tick& it) { table_.on_tick(this, it); },
  };
}

void link::start() {
  beat();
  dial();
}

void link::move_to(const std::string& address) {
  config_.address = address;
  if (!connection_)
    dial();
}

/// The facts are said again on each connection; other words wait for one.
void link::say(const std::shared_ptr<const std::string>& text) {
  if (connection_ || text != facts_)
    (void)send_frame(frame_kind::control, *text, true);
  flush();
}

void link::end(const end_link& it) {
  if (connection_) {
    write_frame(unsent_,
                {frame_kind::bye, 0, 0, text_of(bye{it.why, it.is_leaving})});
    flush();
  }
  quit(caf::exit_reason::user_shutdown);
}

void link::on_exit() {
  drop_connection("the link has ended");
  end_all("the link to node '" + config_.peer + "' has ended");
  table_.close();
  config_.owner = nullptr;
}

void link::dial() {
  if (config_.address.empty() || connection_ || dialling_ != 0)
    return;
  dialling_ = ++serials_;
  auto mine = parts().mine;
  session_.introduce(mine);
  parts().dial(
      config_.address, mine,
      std::make_shared<link_mail>(this, config_.peer, dialling_, parts().mine));
}

void link::dial_later() {
  if (std::exchange(is_waiting_to_dial_, true))
    return;
  auto pause = watch_.retry_pause(ids_.next(now()).low);
  // Of two that try at one time, one comes first.
  if (parts().mine.name > config_.peer)
    pause += parts().limits.watch.retry_min;
  table_.add(clock().now() + pause, [this] {
    is_waiting_to_dial_ = false;
    dial();
  });
  table_.arm(this);
}

/// Of two connections that are made at one time, that of the lesser name stays.
bool link::is_unwanted(const hello_arrived& it) const {
  if (it.serial != 0)
    return it.serial != dialling_;
  if (parts().mine.name > config_.peer)
    return false;
  return dialling_ != 0
         || (connection_ && is_mine_
             && it.theirs->incarnation == session_.incarnation_of_peer()
             && clock().now() - connected_at_ < race_time);
}

void link::take_hello(const hello_arrived& it) {
  if (is_unwanted(it))
    return it.on->close("there is another connection between these nodes");
  drop_connection("another connection takes its place");
  is_mine_ = it.serial != 0;
  dialling_ = 0;
  serial_ = is_mine_ ? it.serial : ++serials_;
  connection_ = it.on;
  std::string first;
  if (!is_mine_) {
    auto mine = parts().mine;
    session_.introduce(mine);
    write_frame(first, {frame_kind::hello, 0, 0, text_of(mine)});
  }
  connection_->adopt(
      std::make_shared<link_mail>(this, config_.peer, serial_, parts().mine),
      std::move(first));
  joined(*it.theirs);
}

void link::joined(const hello& theirs) {
  auto it = session_.join(theirs);
  if (it.is_restarted || it.has_new_peer)
    end_all("node '" + config_.peer
            + "' was started again or has given this node up");
  connected_at_ = clock().now();
  watch_.connected(connected_at_);
  ++config_.status->connections;
  unsent_ = std::move(it.bytes);
  said_load_.clear();
  if (facts_)
    (void)send_frame(frame_kind::control, *facts_, true);
  say_load();
  ping();
  flush();
}

void link::drop_connection(const std::string& why) {
  unsent_.clear();
  if (connection_)
    connection_->close(why);
  connection_ = nullptr;
  serial_ = 0;
}

/// Ends a connection that is of no use, and sees to another one.
void link::cut(const std::string& why) {
  actors::log(actors::log_level::warn, "cluster", "link.cut",
              "peer=" + config_.peer + " why=" + why);
  drop_connection(why);
  look_for_another(false);
}

void link::look_for_another(bool is_refused) {
  watch_.lost(is_refused, clock().now());
  look();
  dial_later();
}

/// Neither side does anything more for the other.
void link::end_all(const std::string& why) {
  end_asked(fail(errc::unreachable, why));
  end_followed(fail(errc::unreachable, why));
  end_feeding();
  end_performing(why);
}

void link::lost(const connection_ended& it) {
  const bool was_dial = it.serial == dialling_;
  if (it.serial != serial_ && !was_dial)
    return;
  actors::log(actors::log_level::info, "cluster", "link.lost",
              "peer=" + config_.peer + " why=" + it.why);
  if (was_dial)
    dialling_ = 0;
  else {
    connection_ = nullptr;
    serial_ = 0;
    unsent_.clear();
  }
  look_for_another(it.is_refused);
}

void link::beat() {
  table_.add(clock().now() + parts().limits.watch.beat, [this] { beat(); });
  table_.arm(this);
  if (connection_) {
    ping();
    say_load();
    write_ack(true);
    flush();
  }
  look();
  end_overdue();
}

void link::look() {
  const auto before = watch_.state();
  const auto state = watch_.look(clock().now());
  if (state == before)
    return;
  config_.status->state = state;
  actors::log(actors::log_level::info, "cluster", "link.state",
              "peer=" + config_.peer + " state=" + std::string{name_of(state)});
  if (state == peer_state::down)
    give_up("node '" + config_.peer + "' is down or out of reach");
  if (config_.owner)
    send(config_.owner, peer_changed{config_.peer, state});
}

/// Both directions end: whatever it does for this node is not waited for, and
/// what this node does for it is not either.
void link::give_up(const std::string& why) {
  ++config_.status->given_up;
  session_.give_up();
  drop_connection("this node has heard nothing for too long");
  end_all(why);
  dial_later();
}

link_actor spawn_link(caf::actor_system& system, link_config config) {
  return caf::actor_cast<link_actor>(system.spawn<link>(std::move(config)));
}

} // namespace troupe::cluster
