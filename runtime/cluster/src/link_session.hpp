#pragma once

#include "frame.hpp"
#include "hello.hpp"

#include <deque>
#include <vector>

namespace troupe::cluster {

struct session_limits {
  std::size_t messages_max = 100'000; ///< Sent and not yet acknowledged.
  std::size_t bytes_max = 64U << 20U; ///< Of these.
  std::uint64_t ack_every = 64;       ///< Frames; also with each beat.
};

/// The numbers of what one node says to another, over any number of
/// connections: what a lost connection may have lost is sent again, what comes
/// twice is dropped, what is missing is seen. A side that gives the other up
/// begins another session, in which nothing of the old one counts. Pure.
class link_session {
public:
  enum class arrival : std::uint8_t {
    fresh,    ///< To be handled.
    repeated, ///< It was handled before.
    gap,      ///< Something is missing: the connection has to end.
  };

  /// `first`: above all sessions of a link that was there before.
  link_session(const session_limits& limits, std::uint64_t incarnation,
               std::uint64_t first = 1)
      : limits_(limits), incarnation_(incarnation), session_(first) {}

  /// Numbers a frame and keeps it until it is acknowledged; its bytes are
  /// appended to `to`. Control that must get through has `is_urgent`, which has
  /// half as much room beyond the limits. Errors: `overloaded`.
  [[nodiscard]] protocol::result<void>
  send(frame_kind kind, std::string_view body, bool is_urgent, std::string& to);

  /// What this side's hello says of the session.
  void introduce(hello& to) const;

  struct joined {
    bool is_restarted = false; ///< What was asked before is not answered.
    bool has_new_peer = false; ///< What was asked here before is of no use.
    std::string bytes;         ///< The begin, and all that may have been lost.
  };

  /// A connection is there, whose other side has said `theirs` in answer to
  /// this side's `introduce`, or before it.
  [[nodiscard]] joined join(const hello& theirs);

  /// True: another session than before begins. Errors: `malformed_message`.
  [[nodiscard]] protocol::result<bool> take_begin(const begin& it);

  [[nodiscard]] arrival take(std::uint64_t number);
  void take_ack(std::uint64_t number);

  /// How far the other side is to be told that all has arrived; 0: nothing new.
  /// `is_beat`: even if that is little.
  [[nodiscard]] std::uint64_t ack_due(bool is_beat);

  /// The other side is given up: nothing more is sent in this session.
  void give_up();

  [[nodiscard]] std::size_t unacknowledged() const noexcept {
    return sent_.size();
  }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::uint64_t incarnation_of_peer() const noexcept {
    return received_.incarnation;
  }
  [[nodiscard]] std::uint64_t number() const noexcept { return session_; }

private:
  struct kept {
    std::uint64_t number = 0;
    frame_kind kind = frame_kind::message;
    std::string body;
  };

  void write(const kept& it, std::string& to);

  session_limits limits_;
  std::uint64_t incarnation_;
  std::uint64_t session_;
  std::uint64_t next_ = 1;
  std::deque<kept> sent_; // bounded by limits_
  std::size_t bytes_ = 0;
  heard received_;
  std::uint64_t acked_ = 0; ///< Of `received_`: what was told.
  bool has_begun_ = false;  ///< The peer's begin, on this connection.
};

} // namespace troupe::cluster
