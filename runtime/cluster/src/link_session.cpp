#include "link_session.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

void link_session::write(const kept& it, std::string& to) {
  acked_ = received_.number;
  write_frame(to, {it.kind, it.number, received_.number, it.body});
}

result<void> link_session::send(frame_kind kind, std::string_view body,
                                bool is_urgent, std::string& to) {
  const auto room = [&](std::size_t most) {
    return is_urgent ? most + most / 2 : most;
  };
  if (sent_.size() >= room(limits_.messages_max)
      || bytes_ + body.size() > room(limits_.bytes_max))
    return fail(errc::overloaded,
                "more is on its way to the node than it may keep");
  sent_.push_back({next_++, kind, std::string{body}});
  bytes_ += body.size();
  write(sent_.back(), to);
  return {};
}

void link_session::introduce(hello& to) const {
  to.incarnation = incarnation_;
  to.session = session_;
  to.received = received_;
}

link_session::joined link_session::join(const hello& theirs) {
  joined it;
  has_begun_ = false;
  const bool is_known = received_.incarnation != 0;
  const bool is_same_life = received_.incarnation == theirs.incarnation;
  it.has_new_peer =
      is_known && !(is_same_life && received_.session == theirs.session);
  if (!is_known || it.has_new_peer) {
    received_ = {theirs.incarnation, theirs.session, 0};
    acked_ = 0;
  }
  const auto& theirs_of_me = theirs.received;
  const bool knows_me = theirs_of_me.incarnation == incarnation_
                        && theirs_of_me.session == session_;
  if (knows_me && theirs_of_me.number < next_)
    take_ack(theirs_of_me.number);
  const auto first = sent_.empty() ? next_ : sent_.front().number;
  const auto goes_on_at = knows_me ? theirs_of_me.number + 1 : 1;
  // Who has forgotten what it was sent may have done it, in an earlier life.
  if ((is_known && !knows_me && next_ != 1) || goes_on_at != first) {
    give_up();
    it.is_restarted = true;
  }
  const auto next = sent_.empty() ? next_ : sent_.front().number;
  write_frame(it.bytes,
              {frame_kind::begin, 0, 0, text_of(begin{session_, next})});
  for (const auto& each : sent_)
    write(each, it.bytes);
  return it;
}

result<bool> link_session::take_begin(const begin& it) {
  if (has_begun_)
    return fail(errc::malformed_message, "it begins twice");
  has_begun_ = true;
  const bool is_other = it.session != received_.session;
  if (is_other) {
    if (it.session < received_.session)
      return fail(errc::malformed_message,
                  "it begins a session that has ended");
    received_.session = it.session;
    received_.number = 0;
    acked_ = 0;
  }
  if (it.next == 0 || it.next > received_.number + 1)
    return fail(errc::malformed_message,
                "it goes on at " + std::to_string(it.next) + ", "
                    + std::to_string(received_.number) + " has arrived");
  return is_other;
}

link_session::arrival link_session::take(std::uint64_t number) {
  if (!has_begun_ || number > received_.number + 1)
    return arrival::gap;
  if (number <= received_.number)
    return arrival::repeated;
  received_.number = number;
  return arrival::fresh;
}

void link_session::take_ack(std::uint64_t number) {
  while (!sent_.empty() && sent_.front().number <= number) {
    bytes_ -= sent_.front().body.size();
    sent_.pop_front();
  }
}

std::uint64_t link_session::ack_due(bool is_beat) {
  const auto behind = received_.number - acked_;
  if (behind == 0 || (!is_beat && behind < limits_.ack_every))
    return 0;
  return acked_ = received_.number;
}

void link_session::give_up() {
  ++session_;
  next_ = 1;
  sent_.clear();
  bytes_ = 0;
}

} // namespace troupe::cluster
