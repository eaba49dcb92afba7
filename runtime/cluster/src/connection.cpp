#include "connection.hpp"

#include "stream_connection.hpp"

#include <charconv>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

std::shared_ptr<connection>
connection::accept(tcp::socket socket, const link_security& security,
                   const connection_limits& limits,
                   std::shared_ptr<connection_owner> owner) {
  auto it =
      make_connection(std::move(socket), {security, limits, std::move(owner)});
  it->start_accepted();
  return it;
}

std::shared_ptr<connection>
connection::dial(boost::asio::io_context& io, const std::string& address,
                 const hello& mine, const link_security& security,
                 const connection_limits& limits,
                 std::shared_ptr<connection_owner> owner) {
  std::string opening;
  write_frame(opening, {frame_kind::hello, 0, 0, text_of(mine)});
  const auto parts = parse_address(address);
  auto it =
      make_connection(tcp::socket{io}, {security, limits, std::move(owner)});
  it->start_dialled(parts ? parts->first : std::string{},
                    parts ? parts->second : std::string{}, std::move(opening));
  return it;
}

result<std::pair<std::string, std::string>>
connection::parse_address(const std::string& address) {
  const auto colon = address.rfind(':');
  const auto wrong = fail(errc::invalid_request,
                          "'" + address.substr(0, 100)
                              + "' is not HOST:PORT, as in 10.0.0.7:7400 or "
                                "[::1]:7400");
  if (colon == std::string::npos || colon == 0 || address.size() > 300)
    return wrong;
  auto host = address.substr(0, colon);
  auto port = address.substr(colon + 1);
  unsigned number = 0;
  const auto read =
      std::from_chars(port.data(), port.data() + port.size(), number);
  if (read.ec != std::errc{} || read.ptr != port.data() + port.size()
      || number > 65'535)
    return wrong;
  if (host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  else if (host.find(':') != std::string::npos)
    return wrong;
  if (host.empty())
    return wrong;
  return std::pair{std::move(host), std::move(port)};
}

} // namespace troupe::cluster
