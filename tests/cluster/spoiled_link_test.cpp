// What a link of a cluster sees when its connection is spoiled: never bytes
// that were not sent, and never an end that looks like one that was meant.
#include "support/catch.hpp"
#include "support/certs/cluster_files.hpp"
#include "support/cluster/fault_proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

using namespace std::chrono_literals;
using namespace troupe::test;
namespace asio = boost::asio;
namespace ssl = asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;
using kind = stream_fault_kind;
using stream = ssl::stream<tcp::socket>;

namespace {

const std::string message(5'000, 'm');

/// What has come of one message from a node to another, through a proxy.
struct delivery {
  bool greeted = false; ///< The client has ended its handshake well.
  std::string received; ///< By the client.
  error_code end;       ///< With which its reading ended.
};

/// A server that sends the message and ends as it should, and a client.
class link_pair {
public:
  link_pair(proxy_way to_client, const std::string& folder)
      : files_{folder}, server_context_{context_of("anchor")},
        client_context_{context_of("buoy")},
        door_{io_, {asio::ip::address_v4::loopback(), 0}} {
    proxy_plan plan;
    plan.server = door_.local_endpoint().port();
    plan.to_client = std::move(to_client);
    proxy_ = std::make_unique<fault_proxy>(plan);
  }

  delivery play() {
    door_.async_accept([this](error_code, tcp::socket socket) {
      server_ = std::make_unique<stream>(std::move(socket), *server_context_);
      server_->async_handshake(stream::server, [this](error_code problem) {
        if (!problem)
          send();
      });
    });
    client_ = std::make_unique<stream>(io_, *client_context_);
    client_->next_layer().connect(
        {asio::ip::address_v4::loopback(), proxy_->port()});
    client_->async_handshake(stream::client, [this](error_code problem) {
      seen_.greeted = !problem;
      seen_.end = problem;
      if (!problem)
        receive();
    });
    io_.run_for(5s);
    return seen_;
  }

private:
  std::shared_ptr<ssl::context> context_of(const std::string& name) {
    return troupe::certs::make_link_context(files_.node(name), real_now())
        .value();
  }

  void send() {
    asio::async_write(*server_, asio::buffer(message),
                      [this](error_code, std::size_t) {
                        server_->async_shutdown([](error_code) {});
                      });
  }

  void receive() {
    asio::async_read(*client_, asio::dynamic_buffer(seen_.received),
                     [this](error_code problem, std::size_t) {
                       seen_.end = problem;
                       error_code ignored;
                       client_->next_layer().close(ignored);
                     });
  }

  asio::io_context io_;
  cluster_files files_;
  std::shared_ptr<ssl::context> server_context_;
  std::shared_ptr<ssl::context> client_context_;
  tcp::acceptor door_;
  std::unique_ptr<fault_proxy> proxy_;
  std::unique_ptr<stream> server_;
  std::unique_ptr<stream> client_;
  delivery seen_;
};

delivery send_through(std::vector<stream_fault> faults) {
  return link_pair{{{}, std::move(faults)}, "spoiled"}.play();
}

/// The first record behind the server's handshake, which has seven.
constexpr std::uint64_t first_data = 7;

} // namespace

TEST_CASE("a message comes through as it was sent", "[fault_proxy]") {
  const auto seen = send_through({});
  CHECK(seen.greeted);
  CHECK(seen.received == message);
  CHECK(seen.end == asio::error::eof);
}

TEST_CASE("a message that is cut within a record is no message that ended",
          "[fault_proxy]") {
  for (const auto how : {kind::close, kind::half_close, kind::reset}) {
    const auto seen = send_through({{how, 0, first_data}});
    CHECK(seen.greeted);
    CHECK(seen.received.empty());
    CHECK(seen.end);
    CHECK(seen.end != asio::error::eof);
  }
}

TEST_CASE("a connection that ends without saying so is told from one that does",
          "[fault_proxy]") {
  // In the middle of what says that all was sent.
  const auto seen = send_through({{kind::close, 0, first_data + 1}});
  CHECK(seen.received == message);
  CHECK(seen.end == ssl::error::stream_truncated);
}

TEST_CASE("a corrupted byte never comes out as data", "[fault_proxy]") {
  const auto seen = send_through({{kind::corrupt, 0, first_data}});
  CHECK(seen.greeted);
  CHECK(seen.received.empty());
  CHECK(seen.end);
  CHECK(seen.end != asio::error::eof);
}

TEST_CASE("a corrupted handshake ends in no link", "[fault_proxy]") {
  // From the third record on they are encrypted, and none is to be spoiled.
  for (const std::uint64_t record : {0U, 2U, 4U, 6U})
    CHECK_FALSE(send_through({{kind::corrupt, 0, record}}).greeted);
}
