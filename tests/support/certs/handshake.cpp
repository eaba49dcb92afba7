#include "support/certs/handshake.hpp"

#include <troupe/certs/link_context.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <array>

namespace troupe::test {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using socket = asio::local::stream_protocol::socket;

/// One end: a handshake, then a byte each way.
class end {
public:
  end(socket on, asio::ssl::context& with) : stream_{std::move(on), with} {}

  void start(asio::ssl::stream_base::handshake_type side) {
    stream_.async_handshake(side, [this](error_code problem) {
      seen_.problem = problem;
      problem ? close() : exchange();
    });
  }

  [[nodiscard]] SSL* native() { return stream_.native_handle(); }
  [[nodiscard]] bool has_read() const { return has_read_; }

  [[nodiscard]] handshake_end look() {
    auto* ssl = stream_.native_handle();
    seen_.refusal = certs::refusal_of(ssl);
    seen_.is_resumed = SSL_session_reused(ssl) == 1;
    seen_.version = SSL_get_version(ssl);
    const auto* session = SSL_get0_session(ssl);
    seen_.can_resume = session != nullptr && SSL_SESSION_is_resumable(session);
    if (const auto who = certs::peer_of(ssl); !seen_.problem && who)
      seen_.peer = certs::to_uri(*who);
    return seen_;
  }

private:
  void close() {
    error_code ignored;
    stream_.lowest_layer().close(ignored);
  }

  void exchange() {
    asio::async_write(stream_, asio::buffer(out_),
                      [](error_code, std::size_t) {});
    stream_.async_read_some(asio::buffer(in_),
                            [this](error_code problem, std::size_t) {
                              has_read_ = !problem;
                              if (problem)
                                close();
                            });
  }

  asio::ssl::stream<socket> stream_;
  handshake_end seen_;
  std::array<char, 1> out_{'x'};
  std::array<char, 1> in_{};
  bool has_read_ = false;
};

} // namespace

handshake_outcome meet(const tls& server, const tls& client,
                       std::shared_ptr<SSL_SESSION>* session,
                       const std::function<void(SSL*, SSL*)>& look) {
  asio::io_context io;
  socket one{io};
  socket two{io};
  asio::local::connect_pair(one, two);
  end serves{std::move(one), *server};
  end asks{std::move(two), *client};
  if (session != nullptr && *session)
    SSL_set_session(asks.native(), session->get());
  serves.start(asio::ssl::stream_base::server);
  asks.start(asio::ssl::stream_base::client);
  io.run_for(std::chrono::seconds{20});
  if (session != nullptr)
    session->reset(SSL_get1_session(asks.native()), &SSL_SESSION_free);
  if (look)
    look(serves.native(), asks.native());
  return {serves.look(), asks.look(), serves.has_read() && asks.has_read()};
}

} // namespace troupe::test
