#pragma once

#include "support/cluster/stream_rules.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::test {

/// One direction of the connections through a proxy.
struct proxy_way {
  stream_pace pace;
  std::vector<stream_fault> faults;
};

struct proxy_plan {
  std::uint16_t server = 0; ///< The server's port.
  std::string server_address = "127.0.0.1";
  /// Where clients come to: loopback, or 0.0.0.0 for those of other nodes.
  std::string listens_at = "127.0.0.1";
  std::uint16_t listens_port = 0; ///< 0: one that is free.
  proxy_way to_server;
  proxy_way to_client;
  std::uint64_t seed = 1; ///< Of jitter; each connection has its own chance.
  /// So many connections have the faults, those after them only the pace.
  std::uint64_t faulty_connections = UINT64_MAX;
};

enum class way : std::uint8_t { to_server, to_client };

/// Stands between a client and a server and spoils what goes through, on a
/// thread of its own. One that is made `inside` a node of a testbed stays
/// there. At most 1 MiB waits in each direction; then the sender feels it.
/// Thread safety: any thread.
class fault_proxy {
public:
  explicit fault_proxy(const proxy_plan& plan);
  ~fault_proxy();
  fault_proxy(const fault_proxy&) = delete;
  fault_proxy& operator=(const fault_proxy&) = delete;

  /// Where clients connect to.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// How many have connected.
  [[nodiscard]] std::uint64_t connections() const noexcept;
  /// How many bytes were handed on.
  [[nodiscard]] std::uint64_t bytes(way direction) const noexcept;

  /// Of all connections, those to come as well: nothing goes on until `resume`.
  void stall(way direction);
  void resume(way direction);
  /// Ends all connections that are open.
  void close_all();
  void reset_all();
  /// Whoever connects from now on is turned away at once.
  void refuse(bool refuses);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace troupe::test
