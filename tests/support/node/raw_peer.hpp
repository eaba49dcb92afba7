#pragma once

#include "frame.hpp"
#include "hello.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>
#include <string>

namespace troupe::test {

/// Whoever speaks to a node what it likes, without certificates. Each wait ends
/// after ten seconds.
class raw_peer {
public:
  explicit raw_peer(const std::string& address);

  /// As a good node would.
  [[nodiscard]] static cluster::hello hello_named(const std::string& name);
  static std::string frame_of(cluster::frame_kind kind, const std::string& body,
                              std::uint64_t number = 0);

  /// False: the connection is gone.
  bool say(const std::string& bytes);
  /// Says hello and begins; true when the node does so too.
  bool join(const cluster::hello& mine);

  struct heard_frame {
    cluster::frame_kind kind;
    std::uint64_t number = 0;
    std::string body;
  };
  /// The next frame; nothing: the connection is closed.
  std::optional<heard_frame> hear();
  /// The next of that kind; others are passed over.
  std::optional<heard_frame> hear(cluster::frame_kind kind);
  /// True when the node closes the connection in time.
  bool is_cut();

private:
  bool read_some();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::socket socket_{io_};
  std::string read_;
};

} // namespace troupe::test
