#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace troupe::test {

/// What the fake does with one request.
struct scripted_reply {
  enum class end : std::uint8_t { keep, close, reset, hang, drip };

  std::string bytes; ///< Sent as they are: status line, headers, body.
  end then = end::keep;
  std::size_t piece_bytes = 0; ///< Above 0: sent in pieces of this size.
  std::string drop{};          ///< Sent every 10 ms for ever, where it drips.
};

/// A whole answer with its length.
[[nodiscard]] scripted_reply
plain_reply(unsigned status, const std::string& body,
            const std::string& type = "application/json",
            const std::string& more_headers = {});

/// A stream of events as one chunked body; `is_cut` leaves the end away.
[[nodiscard]] scripted_reply stream_reply(const std::string& events,
                                          bool is_cut = false);

/// An HTTP server on loopback that plays a script: each request takes the next
/// reply; without one it hangs. Runs on a thread of its own.
class fake_upstream {
public:
  using tcp = boost::asio::ip::tcp;

  /// With `tls`, speaks TLS.
  explicit fake_upstream(
      std::shared_ptr<boost::asio::ssl::context> tls = nullptr);
  ~fake_upstream();
  fake_upstream(const fake_upstream&) = delete;
  fake_upstream& operator=(const fake_upstream&) = delete;

  void will(scripted_reply reply);
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string url(const std::string& path = {}) const;
  [[nodiscard]] unsigned connections() const { return connections_; }
  /// Connections that the other side has closed.
  [[nodiscard]] unsigned closed() const { return closed_; }
  /// Waits until so many connections were closed by the other side, or so many
  /// requests have come, at most twenty seconds. False: they were not.
  [[nodiscard]] bool wait_for_closed(unsigned count);
  [[nodiscard]] bool wait_for_requests(std::size_t count);
  /// Waits until no connection is open any more, at most twenty seconds.
  [[nodiscard]] bool wait_for_quiet();
  /// Heads and bodies as they came.
  [[nodiscard]] std::vector<std::string> requests();

private:
  class session;

  void accept();
  [[nodiscard]] scripted_reply next_reply();
  void note(std::string request);
  void note_closed();
  void note_open(int change);

  boost::asio::io_context io_{1};
  std::shared_ptr<boost::asio::ssl::context> tls_;
  tcp::acceptor acceptor_;
  std::mutex mutex_;
  std::condition_variable changed_; ///< Of requests and closed connections.
  std::deque<scripted_reply> script_;
  std::vector<std::string> requests_;
  std::vector<std::weak_ptr<session>> sessions_;
  std::atomic<unsigned> connections_ = 0;
  std::atomic<unsigned> closed_ = 0;
  int open_ = 0;
  std::thread thread_;
};

} // namespace troupe::test
