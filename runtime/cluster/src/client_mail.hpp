#pragma once

#include "client_words.hpp"
#include "connection.hpp"
#include "link_session.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>

namespace troupe::cluster {

/// What the connection's thread of a client hands to the command's. Thread
/// safety: any thread.
class client_mail final : public connection_owner {
public:
  explicit client_mail(hello mine);

  void on_hello(const std::shared_ptr<connection>& it, hello theirs,
                std::optional<peer_name> certified) override;
  void on_frames(const connection& it, inbound_batch what) override;
  void on_closed(const connection&, const protocol::error& why, bool) override;

  /// Error: why there is no connection. Blocking: up to 10 s.
  protocol::result<void> wait_open();

  /// Nothing: `patience` has passed.
  protocol::result<std::optional<client_told>>
  next(std::chrono::milliseconds patience);

  /// The bytes that say it.
  protocol::result<std::string> frame_for(const client_asks& what);

  std::weak_ptr<client_mail> self; ///< Set before the connection is made.

private:
  void take(inbound& it);

  std::mutex mutex_; ///< Guards what follows.
  std::condition_variable changed_;
  hello mine_;
  link_session session_;
  std::shared_ptr<connection> on_; ///< Once it is open.
  std::deque<std::string> told_;   // bounded by told_max
  std::optional<protocol::error> failure_;
  bool is_open_ = false;
};

} // namespace troupe::cluster
