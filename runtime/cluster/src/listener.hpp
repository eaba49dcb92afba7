#pragma once

#include "connection.hpp"

#include <boost/asio/steady_timer.hpp>

#include <atomic>

namespace troupe::cluster {

/// Whom a listener hands connections to, on its thread.
struct listener_guests {
  hello mine;
  std::function<void(std::shared_ptr<connection>, hello)> on_node;
  std::function<void(std::shared_ptr<connection>, hello)> on_client;
};

/// Accepts connections of nodes and clients. Who does not say in time who it
/// is, or is nobody of the cluster, is told so and cut; more than
/// `strangers_max` at one time are cut at once.
class listener : public std::enable_shared_from_this<listener> {
public:
  static constexpr std::size_t strangers_max = 64;

  listener(boost::asio::io_context& io, link_security security,
           const connection_limits& limits)
      : acceptor_(io), pause_(io), security_(std::move(security)),
        limits_(limits) {}

  /// Answers the port. Errors: `unreachable`.
  [[nodiscard]] protocol::result<std::uint16_t> listen(const std::string& host,
                                                       const std::string& port);
  void begin(listener_guests guests);
  void close();

private:
  class stranger;
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  link_security security_;
  connection_limits limits_;
  listener_guests guests_;
  std::atomic<std::size_t> strangers_{0};
};

} // namespace troupe::cluster
