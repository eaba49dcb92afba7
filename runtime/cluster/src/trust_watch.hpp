#pragma once

#include "connection.hpp"

#include <boost/asio/steady_timer.hpp>

namespace troupe::cluster {

/// Looks at the certificate of a connection that is open, each time when the
/// files of this node have changed: who was revoked meanwhile is found within
/// `pace`. On the connection's thread.
class trust_watch {
public:
  static constexpr std::chrono::seconds pace{1};

  trust_watch(boost::asio::steady_timer timer, const link_security& security)
      : timer_(std::move(timer)), security_(security) {}

  /// `made_of`: what the connection was made with. `keep` stays as long as it
  /// watches; `on_lost` is called once, when there is no trust any more.
  void begin(SSL* connection,
             std::shared_ptr<boost::asio::ssl::context> made_of,
             std::shared_ptr<void> keep,
             std::function<void(const protocol::error&)> on_lost);
  void stop();

private:
  void look_later(std::shared_ptr<void> keep);
  [[nodiscard]] protocol::result<void> look();

  boost::asio::steady_timer timer_;
  const link_security& security_;
  SSL* connection_ = nullptr; ///< Null: it does not watch.
  std::shared_ptr<boost::asio::ssl::context> looked_at_with_;
  std::function<void(const protocol::error&)> on_lost_;
};

} // namespace troupe::cluster
