#include "support/node/raw_peer.hpp"

#include "connection.hpp"

#include <boost/asio/connect.hpp>

#include <array>
#include <sys/socket.h>

namespace troupe::test {

using namespace cluster;

raw_peer::raw_peer(const std::string& address) {
  const auto where = connection::parse_address(address).value();
  boost::asio::ip::tcp::resolver resolver{io_};
  boost::asio::connect(socket_, resolver.resolve(where.first, where.second));
  const timeval patience{10, 0};
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience,
               sizeof patience);
  ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience,
               sizeof patience);
}

hello raw_peer::hello_named(const std::string& name) {
  hello it;
  it.schema = protocol::schema_version;
  it.cluster = "test";
  it.name = name;
  it.incarnation = 7;
  it.session = 1;
  return it;
}

std::string raw_peer::frame_of(frame_kind kind, const std::string& body,
                               std::uint64_t number) {
  std::string bytes;
  write_frame(bytes, {kind, number, 0, body});
  return bytes;
}

bool raw_peer::say(const std::string& bytes) {
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto size = ::send(socket_.native_handle(), bytes.data() + sent,
                             bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0)
      return false;
    sent += static_cast<std::size_t>(size);
  }
  return true;
}

bool raw_peer::join(const hello& mine) {
  return say(frame_of(frame_kind::hello, text_of(mine)))
         && hear(frame_kind::hello)
         && say(frame_of(frame_kind::begin, text_of(begin{mine.session, 1})))
         && hear(frame_kind::begin);
}

bool raw_peer::read_some() {
  std::array<char, 65'536> piece{};
  const auto size =
      ::recv(socket_.native_handle(), piece.data(), piece.size(), 0);
  if (size <= 0)
    return false;
  read_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

std::optional<raw_peer::heard_frame> raw_peer::hear() {
  for (;;) {
    std::string_view bytes{read_};
    const auto next = read_frame(bytes, 64U << 20U);
    if (!next)
      return {};
    if (*next) {
      heard_frame it{(*next)->kind, (*next)->number,
                     std::string{(*next)->body}};
      read_.erase(0, read_.size() - bytes.size());
      return it;
    }
    if (!read_some())
      return {};
  }
}

std::optional<raw_peer::heard_frame> raw_peer::hear(frame_kind kind) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (std::chrono::steady_clock::now() < end) {
    auto it = hear();
    if (!it || it->kind == kind)
      return it;
  }
  return {}; // pings alone go on for ever
}

bool raw_peer::is_cut() {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (read_some())
    if (std::chrono::steady_clock::now() > end)
      return false;
  return std::chrono::steady_clock::now() < end;
}

} // namespace troupe::test
