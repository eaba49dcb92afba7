#include "listener.hpp"

#include <troupe/actors/log.hpp>

#include <boost/asio/post.hpp>

namespace troupe::cluster {

namespace asio = boost::asio;
using asio::ip::tcp;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::chrono::milliseconds accept_pause{100};

} // namespace

/// Somebody who has not said yet who it is.
class listener::stranger final : public connection_owner {
public:
  stranger(std::shared_ptr<listener> at, std::uint64_t number)
      : at_(std::move(at)), number_(number) {}
  ~stranger() override {
    const std::lock_guard lock{at_->mutex_};
    at_->table_.leave(number_);
    at_->strangers_.erase(number_);
  }

  void on_hello(const std::shared_ptr<connection>& it, hello theirs,
                std::optional<peer_name> certified) override {
    {
      const std::lock_guard lock{at_->mutex_};
      at_->table_.has_spoken(number_);
    }
    const auto& guests = at_->guests_;
    const auto good =
        check_hello(guests.mine, theirs, certified ? &*certified : nullptr);
    if (!good) {
      std::string last;
      write_frame(last, {frame_kind::bye, 0, 0,
                         text_of(bye{good.error().detail, false})});
      it->send(std::move(last));
      return it->close(good.error().detail);
    }
    (theirs.is_client ? guests.on_client : guests.on_node)(it,
                                                           std::move(theirs));
  }
  void on_frames(const connection&, inbound_batch) override {}
  void on_closed(const connection&, const protocol::error& why, bool) override {
    actors::log(actors::log_level::info, "cluster", "stranger.closed",
                "why=" + why.detail);
  }

private:
  std::shared_ptr<listener> at_;
  std::uint64_t number_;
};

result<std::uint16_t> listener::listen(const std::string& host,
                                       const std::string& port) {
  boost::system::error_code failed;
  tcp::resolver resolver{acceptor_.get_executor()};
  const auto found =
      resolver.resolve(host, port, tcp::resolver::passive, failed);
  const auto wrong = [&] {
    return fail(errc::unreachable, "cannot listen on " + host + ":" + port
                                       + ": " + failed.message());
  };
  if (failed || found.empty())
    return wrong();
  const auto at = found.begin()->endpoint();
  acceptor_.open(at.protocol(), failed);
  if (!failed)
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, failed);
  if (!failed)
    acceptor_.bind(at, failed);
  if (!failed)
    acceptor_.listen(asio::socket_base::max_listen_connections, failed);
  if (failed)
    return wrong();
  return acceptor_.local_endpoint().port();
}

void listener::begin(listener_guests guests) {
  guests_ = std::move(guests);
  asio::post(acceptor_.get_executor(),
             [self = shared_from_this()] { self->accept(); });
}

void listener::close() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    boost::system::error_code ignored;
    self->acceptor_.close(ignored);
    self->pause_.cancel();
    self->guests_ = {};
  });
}

void listener::accept() {
  if (!acceptor_.is_open())
    return;
  acceptor_.async_accept(
      [self = shared_from_this()](boost::system::error_code failed,
                                  tcp::socket socket) {
        if (!self->acceptor_.is_open())
          return;
        if (failed) // as where no file can be opened: it would fail at once
          return self->accept_later();
        self->welcome(std::move(socket));
        self->accept();
      });
}

void listener::accept_later() {
  pause_.expires_after(accept_pause);
  pause_.async_wait(
      [self = shared_from_this()](boost::system::error_code stopped) {
        if (!stopped)
          self->accept();
      });
}

void listener::welcome(tcp::socket socket) {
  boost::system::error_code failed;
  const auto from = socket.remote_endpoint(failed).address().to_string();
  std::shared_ptr<connection> dropped;
  stranger_table::arrival who;
  if (failed)
    return;
  {
    const std::lock_guard lock{mutex_};
    who = table_.come(from);
    if (const auto it = strangers_.find(who.dropped); it != strangers_.end()) {
      dropped = it->second.lock();
      strangers_.erase(it);
    }
  }
  if (dropped)
    dropped->close("others want to be heard");
  if (who.number == 0)
    return;
  const auto it = connection::accept(
      std::move(socket), security_, limits_,
      std::make_shared<stranger>(shared_from_this(), who.number));
  const std::lock_guard lock{mutex_};
  strangers_.emplace(who.number, it);
}

} // namespace troupe::cluster
