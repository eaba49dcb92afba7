#include "support/cluster/proxy_link.hpp"

#include <boost/asio/write.hpp>

namespace troupe::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

proxy_pump::proxy_pump(proxy_link& link, way direction, socket& from,
                       socket& to, const proxy_way& plan, std::uint64_t seed)
    : link_{link}, direction_{direction}, from_{from}, to_{to},
      cutter_{plan.faults}, clock_{plan.pace, seed}, timer_{
                                                         from.get_executor()} {}

void proxy_pump::read() {
  if (is_reading_ || is_over_ || waiting_bytes_ >= waiting_max)
    return;
  is_reading_ = true;
  from_.async_read_some(asio::buffer(in_),
                        [this, self = link_.shared_from_this()](
                            error_code problem, std::size_t size) {
                          is_reading_ = false;
                          if (is_over_)
                            return;
                          if (problem == asio::error::eof)
                            add({}, stream_fault_kind::half_close);
                          else if (problem)
                            add({}, stream_fault_kind::reset);
                          else
                            take({in_.data(), size});
                          go_on();
                          if (!problem)
                            read();
                        });
}

void proxy_pump::take(std::string_view bytes) {
  const auto piece_bytes = clock_.piece_bytes();
  while (!bytes.empty()) {
    auto out = cutter_.take(bytes.substr(0, piece_bytes));
    bytes.remove_prefix(std::min(piece_bytes, bytes.size()));
    if (!out.bytes.empty() || out.fault)
      add(std::move(out.bytes), out.fault);
  }
}

void proxy_pump::add(std::string bytes,
                     std::optional<stream_fault_kind> fault) {
  waiting_bytes_ += bytes.size();
  const auto due = clock_.due(std::chrono::steady_clock::now(), bytes.size());
  waiting_.push_back({due, std::move(bytes), fault});
}

bool proxy_pump::stands() const {
  return has_stalled_
         || link_.switches().is_stalled[static_cast<std::size_t>(direction_)];
}

void proxy_pump::go_on() {
  if (is_sending_ || is_over_ || stands() || waiting_.empty())
    return;
  is_sending_ = true;
  timer_.expires_at(waiting_.front().due);
  timer_.async_wait([this, self = link_.shared_from_this()](error_code) {
    is_sending_ = false;
    if (is_over_ || stands())
      return;
    is_sending_ = true;
    send();
  });
}

void proxy_pump::send() {
  const auto& bytes = waiting_.front().bytes;
  link_.switches().bytes[static_cast<std::size_t>(direction_)] += bytes.size();
  asio::async_write(
      to_, asio::buffer(bytes),
      [this, self = link_.shared_from_this()](error_code problem, std::size_t) {
        is_sending_ = false;
        if (!is_over_)
          sent(!problem);
      });
}

void proxy_pump::sent(bool went_well) {
  const auto fault =
      went_well ? waiting_.front().fault : stream_fault_kind::reset;
  waiting_bytes_ -= waiting_.front().bytes.size();
  waiting_.pop_front();
  if (fault)
    end(*fault);
  go_on();
  read();
}

void proxy_pump::end(stream_fault_kind how) {
  error_code ignored;
  switch (how) {
  case stream_fault_kind::corrupt:
    break;
  case stream_fault_kind::stall:
    has_stalled_ = true;
    break;
  case stream_fault_kind::half_close:
    is_over_ = true;
    to_.shutdown(tcp::socket::shutdown_send, ignored);
    link_.half_ended();
    break;
  case stream_fault_kind::close:
    link_.close();
    break;
  case stream_fault_kind::reset:
    link_.reset();
    break;
  }
}

void proxy_pump::give_up() {
  is_over_ = true;
  timer_.cancel();
}

proxy_link::proxy_link(socket client, const proxy_plan& plan,
                       std::uint64_t number, proxy_switches& switches)
    : client_{std::move(client)}, server_{client_.get_executor()},
      target_{asio::ip::make_address(plan.server_address), plan.server},
      switches_{switches}, to_server_{*this,          way::to_server,
                                      client_,        server_,
                                      plan.to_server, plan.seed * 2 + number},
      to_client_{*this,   way::to_client, server_,
                 client_, plan.to_client, plan.seed * 2 + 1 + number} {}

void proxy_link::start() {
  server_.async_connect(target_,
                        [self = shared_from_this()](error_code problem) {
                          if (problem)
                            return self->reset();
                          error_code ignored;
                          const tcp::no_delay at_once{true};
                          self->client_.set_option(at_once, ignored);
                          self->server_.set_option(at_once, ignored);
                          self->to_server_.read();
                          self->to_client_.read();
                        });
}

void proxy_link::go_on() {
  to_server_.go_on();
  to_client_.go_on();
}

void proxy_link::half_ended() {
  if (++halves_ == 2)
    close();
}

void proxy_link::close() {
  error_code ignored;
  client_.shutdown(tcp::socket::shutdown_both, ignored);
  server_.shutdown(tcp::socket::shutdown_both, ignored);
  let_go();
}

void proxy_link::reset() {
  error_code ignored;
  const tcp::socket::linger at_once{true, 0};
  client_.set_option(at_once, ignored);
  server_.set_option(at_once, ignored);
  let_go();
}

void proxy_link::let_go() {
  is_open_ = false;
  to_server_.give_up();
  to_client_.give_up();
  error_code ignored;
  client_.close(ignored);
  server_.close(ignored);
}

} // namespace troupe::test
