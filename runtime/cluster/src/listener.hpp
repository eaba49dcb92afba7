#pragma once

#include "connection.hpp"
#include "stranger_table.hpp"

#include <boost/asio/steady_timer.hpp>

#include <mutex>

namespace troupe::cluster {

/// Whom a listener hands connections to, on its thread.
struct listener_guests {
  hello mine;
  std::function<void(std::shared_ptr<connection>, hello)> on_node;
  std::function<void(std::shared_ptr<connection>, hello)> on_client;
};

/// Accepts connections of nodes and clients. Who does not say in time who it
/// is, or is nobody of the cluster, is told so and cut; so is, where there are
/// too many of them, who has been silent for longest (`stranger_table`).
class listener : public std::enable_shared_from_this<listener> {
public:
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
  void accept_later();
  void welcome(boost::asio::ip::tcp::socket socket);

  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  link_security security_;
  connection_limits limits_;
  listener_guests guests_;
  std::mutex mutex_; ///< Guards what follows.
  stranger_table table_;
  std::map<std::uint64_t, std::weak_ptr<connection>> strangers_; // as table_
};

} // namespace troupe::cluster
