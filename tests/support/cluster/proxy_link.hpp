#pragma once

#include "support/cluster/fault_proxy.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace troupe::test {

class proxy_link;

/// What all links of a proxy share.
struct proxy_switches {
  std::array<bool, 2> is_stalled{};
  std::array<std::atomic<std::uint64_t>, 2> bytes{};
};

/// One direction of one connection.
class proxy_pump {
public:
  using socket = boost::asio::ip::tcp::socket;

  proxy_pump(proxy_link& link, way direction, socket& from, socket& to,
             const proxy_way& plan, std::uint64_t seed);

  void read();
  /// Sends what is due, and waits for what is not.
  void go_on();
  /// Nothing more is read or sent.
  void give_up();

private:
  struct piece {
    stream_clock::instant due;
    std::string bytes;
    std::optional<stream_fault_kind> fault;
  };

  [[nodiscard]] bool stands() const;
  void take(std::string_view bytes);
  void add(std::string bytes, std::optional<stream_fault_kind> fault);
  void send();
  void sent(bool went_well);
  void end(stream_fault_kind how);

  static constexpr std::size_t waiting_max = 1U << 20U;

  proxy_link& link_;
  way direction_;
  socket& from_;
  socket& to_;
  stream_cutter cutter_;
  stream_clock clock_;
  boost::asio::steady_timer timer_;
  std::array<char, 16'384> in_{};
  std::deque<piece> waiting_; // bounded by waiting_max bytes
  std::size_t waiting_bytes_ = 0;
  bool is_reading_ = false;
  bool is_sending_ = false;
  bool has_stalled_ = false;
  bool is_over_ = false; ///< Nothing is read or sent any more.
};

/// A connection of a client, and the one to the server that belongs to it.
class proxy_link : public std::enable_shared_from_this<proxy_link> {
public:
  using socket = boost::asio::ip::tcp::socket;

  proxy_link(socket client, const proxy_plan& plan, std::uint64_t number,
             proxy_switches& switches);

  void start();
  void go_on();
  void close();
  void reset();
  /// One direction has ended; with the second one all has.
  void half_ended();
  [[nodiscard]] bool is_open() const noexcept { return is_open_; }
  [[nodiscard]] proxy_switches& switches() noexcept { return switches_; }

private:
  void let_go();

  socket client_;
  socket server_;
  boost::asio::ip::tcp::endpoint target_;
  proxy_switches& switches_;
  proxy_pump to_server_;
  proxy_pump to_client_;
  int halves_ = 0;
  bool is_open_ = true;
};

} // namespace troupe::test
