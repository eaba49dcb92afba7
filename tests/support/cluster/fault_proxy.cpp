#include "support/cluster/fault_proxy.hpp"

#include "support/cluster/proxy_link.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <future>
#include <thread>

namespace troupe::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct fault_proxy::impl {
  explicit impl(const proxy_plan& wished)
      : plan{wished}, door{io,
                           {asio::ip::make_address(wished.listens_at),
                            wished.listens_port}} {
    accept();
    thread = std::thread{[this] {
      io.run();
    }};
  }

  ~impl() {
    io.stop();
    thread.join();
  }

  void accept() {
    door.async_accept([this](error_code problem, tcp::socket client) {
      if (problem)
        return;
      std::erase_if(links, [](const auto& link) { return !link->is_open(); });
      if (!refuses)
        links.push_back(make_link(std::move(client)));
      ++connections;
      accept();
    });
  }

  std::shared_ptr<proxy_link> make_link(tcp::socket client) {
    auto own = plan;
    if (connections >= plan.faulty_connections) {
      own.to_server.faults.clear();
      own.to_client.faults.clear();
    }
    auto link = std::make_shared<proxy_link>(std::move(client), own,
                                             connections * 2, switches);
    link->start();
    return link;
  }

  /// Does it for each link, on the proxy's thread, and waits until it is done.
  template <class F>
  void each(F f) {
    std::promise<void> done;
    asio::post(io, [&] {
      for (const auto& link : links)
        f(*link);
      done.set_value();
    });
    done.get_future().wait();
  }

  void set_stalled(way direction, bool is_stalled) {
    std::promise<void> done;
    asio::post(io, [&] {
      switches.is_stalled[static_cast<std::size_t>(direction)] = is_stalled;
      for (const auto& link : links)
        link->go_on();
      done.set_value();
    });
    done.get_future().wait();
  }

  proxy_plan plan;
  proxy_switches switches;
  asio::io_context io{1};
  tcp::acceptor door;
  std::vector<std::shared_ptr<proxy_link>> links; // bounded by the test
  std::atomic<std::uint64_t> connections = 0;
  std::atomic<bool> refuses = false;
  std::thread thread;
};

fault_proxy::fault_proxy(const proxy_plan& plan)
    : impl_{std::make_unique<impl>(plan)} {}

fault_proxy::~fault_proxy() = default;

std::uint16_t fault_proxy::port() const noexcept {
  error_code ignored;
  return impl_->door.local_endpoint(ignored).port();
}

std::uint64_t fault_proxy::connections() const noexcept {
  return impl_->connections;
}

std::uint64_t fault_proxy::bytes(way direction) const noexcept {
  return impl_->switches.bytes[static_cast<std::size_t>(direction)];
}

void fault_proxy::stall(way direction) {
  impl_->set_stalled(direction, true);
}

void fault_proxy::resume(way direction) {
  impl_->set_stalled(direction, false);
}

void fault_proxy::close_all() {
  impl_->each([](proxy_link& link) { link.close(); });
}

void fault_proxy::reset_all() {
  impl_->each([](proxy_link& link) { link.reset(); });
}

void fault_proxy::refuse(bool refuses) {
  impl_->refuses = refuses;
}

} // namespace troupe::test
