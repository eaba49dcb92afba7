// The part of a link that takes and sends frames.
#include "link_impl.hpp"
#include "node_words.hpp"

#include <troupe/actors/log.hpp>

namespace troupe::cluster {

using protocol::result;

void link::take_frames(const frames_arrived& it) {
  if (it.serial != serial_ || !connection_)
    return;
  for (auto& each : it.what->frames) {
    take_frame(each);
    if (it.serial != serial_ || !connection_)
      return;
  }
  connection_->consumed(it.what->bytes);
  write_ack(false);
  flush();
}

void link::write_number_frame(frame_kind kind, std::uint64_t number) {
  std::string body;
  write_number(body, number);
  write_frame(unsent_, {kind, 0, 0, body});
}

void link::write_ack(bool is_beat) {
  if (const auto due = session_.ack_due(is_beat))
    write_number_frame(frame_kind::ack, due);
}

void link::take_frame(inbound& it) {
  switch (it.kind) {
  case frame_kind::begin: {
    const auto what = read_opening<begin>(std::get<std::string>(it.body));
    const auto begun =
        what ? session_.take_begin(*what) : result<bool>{what.error()};
    if (!begun)
      return cut(begun.error().detail);
    if (*begun)
      end_all("node '" + config_.peer + "' has begun anew");
    return;
  }
  case frame_kind::ack:
    return session_.take_ack(it.number);
  case frame_kind::ping:
    return write_number_frame(frame_kind::pong, it.number);
  case frame_kind::pong: {
    const auto sent = time_point{
        time_point::duration{static_cast<time_point::rep>(it.number)}};
    const auto took = clock().now() - sent;
    if (took < time_point::duration::zero() || took > std::chrono::minutes{1})
      return;
    config_.status->round_trip_us = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(took).count());
    watch_.answered(clock().now());
    return look();
  }
  case frame_kind::bye: {
    const auto last = read_opening<bye>(std::get<std::string>(it.body));
    drop_connection("the node has said good-bye");
    return look_for_another(last && last->is_leaving);
  }
  default:
    return take_numbered(it);
  }
}

void link::take_numbered(inbound& it) {
  session_.take_ack(it.acked);
  switch (session_.take(it.number)) {
  case link_session::arrival::gap:
    ++config_.status->gaps;
    actors::log(actors::log_level::error, "cluster", "link.gap",
                "peer=" + config_.peer);
    return cut("a frame is missing");
  case link_session::arrival::repeated:
    ++config_.status->repeated;
    return;
  case link_session::arrival::fresh:
    ++config_.status->received;
    break;
  }
  if (it.kind == frame_kind::message)
    take_message(std::move(std::get<protocol::any_message>(it.body)),
                 it.left_us);
  else if (it.kind == frame_kind::failure)
    take_failure(std::get<std::string>(it.body));
  else if (it.kind == frame_kind::ask)
    take_question(std::get<std::string>(it.body));
  else if (it.kind == frame_kind::answer)
    take_answer(std::get<std::string>(it.body));
  else if (config_.owner)
    send(config_.owner,
         peer_says{config_.peer, std::make_shared<const std::string>(std::move(
                                     std::get<std::string>(it.body)))});
}

result<void> link::send_frame(frame_kind kind, std::string_view body,
                              bool is_urgent) {
  std::string unheard;
  auto& to = connection_ ? unsent_ : unheard;
  auto sent = session_.send(kind, body, is_urgent, to);
  if (sent)
    ++config_.status->sent;
  return sent;
}

void link::flush() {
  if (connection_ && !unsent_.empty())
    connection_->send(std::exchange(unsent_, {}));
}

void link::ping() {
  write_number_frame(
      frame_kind::ping,
      static_cast<std::uint64_t>(clock().now().time_since_epoch().count()));
}

void link::say_load() {
  const auto& load = *parts().load;
  const auto own = config_.status->under_way.load();
  const auto all = load.local.load() + load.remote.load();
  auto text = words_of(load_told{load.capacity, all - std::min(all, own)});
  if (text == said_load_)
    return;
  said_load_ = std::move(text);
  (void)send_frame(frame_kind::control, said_load_, true);
}

} // namespace troupe::cluster
