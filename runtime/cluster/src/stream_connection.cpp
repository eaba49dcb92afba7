#include "stream_connection.hpp"

#include "keep_alive.hpp"
#include "outbox.hpp"
#include "trust_watch.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <vector>

namespace troupe::cluster {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using protocol::errc;
using protocol::fail;

namespace {

constexpr std::size_t piece_bytes = 256U << 10U;
/// How long what is unsent at the end may take.
constexpr std::chrono::seconds last_words{1};

template <class Stream>
constexpr bool is_tls = !std::is_same_v<Stream, tcp::socket>;

/// On the io thread, but where `connection` says any.
template <class Stream>
class stream_connection final : public opening_connection {
public:
  stream_connection(Stream stream, connection_start start)
      : start_(std::move(start)), stream_(std::move(stream)),
        timer_(stream_.get_executor()), resolver_(stream_.get_executor()),
        trust_(asio::steady_timer{stream_.get_executor()}, start_.security),
        limits_(start_.limits), owner_(std::move(start_.owner)),
        unsent_(limits_.unsent_bytes) {}

  void start_accepted() override {
    arm_timer();
    handshake(true);
  }

  void start_dialled(const std::string& host, const std::string& port,
                     std::string hello) override {
    opening_ = std::move(hello);
    asio::post(stream_.get_executor(), [self = self(), host, port] {
      self->arm_timer();
      self->resolver_.async_resolve(
          host, port, [self](error_code failed, const auto& found) {
            if (failed)
              return self->end("cannot be resolved: " + failed.message());
            self->connect(found);
          });
    });
  }

  void adopt(std::shared_ptr<connection_owner> owner,
             std::string first) override {
    if (!first.empty())
      send(std::move(first)); // now: the owner may say more at once
    asio::post(stream_.get_executor(),
               [self = self(), owner = std::move(owner)]() mutable {
                 if (!self->is_open_)
                   return owner->on_closed(*self, self->why_, false);
                 self->owner_ = std::move(owner);
                 self->has_owner_ = true;
                 self->timer_.cancel();
                 self->watch_trust();
                 self->take_frames();
               });
  }

  void send(std::string bytes) override {
    if (unsent_.add(std::move(bytes)))
      asio::post(stream_.get_executor(), [self = self()] { self->flush(); });
  }

  void consumed(std::size_t bytes) override {
    asio::post(stream_.get_executor(), [self = self(), bytes] {
      self->unread_ -= std::min(bytes, self->unread_);
      self->read_on();
    });
  }

  void close(const std::string& why) override {
    asio::post(stream_.get_executor(), [self = self(), why] {
      self->is_ending_ = true;
      self->why_ = fail(errc::cancelled, why);
      if (!self->is_writing_)
        return self->end(self->why_);
      self->timer_.expires_after(last_words);
      self->timer_.async_wait([self](error_code) { self->end(self->why_); });
    });
  }

private:
  auto self() {
    return std::static_pointer_cast<stream_connection>(shared_from_this());
  }
  tcp::socket& socket() {
    if constexpr (is_tls<Stream>)
      return stream_.next_layer();
    else
      return stream_;
  }

  void arm_timer() { // whoever says nothing is not waited for
    timer_.expires_after(limits_.opening);
    timer_.async_wait([self = self()](error_code failed) {
      if (!failed && !self->has_owner_)
        self->end("did not introduce itself in time");
    });
  }

  void connect(const tcp::resolver::results_type& found) {
    asio::async_connect(
        socket(), found, [self = self()](error_code failed, const auto&) {
          if (failed) {
            self->is_refused_ = failed == asio::error::connection_refused;
            return self->end("cannot be reached: " + failed.message());
          }
          self->handshake(false);
        });
  }

  void handshake(bool is_server) {
    error_code ignored;
    socket().set_option(tcp::no_delay{true}, ignored);
    keep_alive(socket().native_handle());
    if constexpr (is_tls<Stream>) {
      stream_.async_handshake(is_server ? asio::ssl::stream_base::server
                                        : asio::ssl::stream_base::client,
                              [self = self()](error_code failed) {
                                if (failed)
                                  return self->end("no trust: "
                                                   + failed.message());
                                self->identify();
                              });
    } else
      introduce();
  }

  void identify() {
    if (!is_open_)
      return;
    if constexpr (is_tls<Stream>) {
      auto who = start_.security.identify(stream_.native_handle());
      if (!who)
        return end(who.error());
      certified_ = std::move(*who);
    }
    introduce();
  }

  void watch_trust() {
    if constexpr (is_tls<Stream>)
      trust_.begin(stream_.native_handle(), start_.context, self(),
                   [this](const protocol::error& why) { end(why); });
  }

  void introduce() {
    if (!opening_.empty())
      send(std::exchange(opening_, {}));
    read_on();
  }

  void read_on() {
    if (is_reading_ || !is_open_ || unread_ >= limits_.unread_bytes)
      return;
    is_reading_ = true;
    if (piece_.empty())
      piece_.resize(piece_bytes);
    stream_.async_read_some(
        asio::buffer(piece_), [self = self()](error_code failed, auto size) {
          self->is_reading_ = false;
          if (!self->is_open_)
            return; // it had come before the end
          if (failed)
            return self->end("has closed: " + failed.message());
          self->read_.append(self->piece_.data(), size);
          if (self->has_owner_)
            self->take_frames();
          else
            self->take_hello();
        });
  }

  void take_hello() {
    auto theirs = take_opening(read_);
    if (!theirs)
      return end(theirs.error());
    if (!*theirs)
      return read_on();
    owner_->on_hello(shared_from_this(), std::move(**theirs), certified_);
  }

  void take_frames() {
    std::string_view bytes{read_};
    auto batch = read_inbound(bytes, limits_.inbound);
    if (!batch)
      return end(batch.error());
    read_.erase(0, read_.size() - bytes.size());
    if (!batch->frames.empty()) {
      unread_ += batch->bytes;
      owner_->on_frames(*this, std::move(*batch));
    }
    read_on();
  }

  void flush() {
    unsent_.take(writing_);
    if (unsent_.is_choked())
      return end("takes too little of what it is sent");
    if (!is_open_)
      return;
    if (writing_.empty()) {
      is_writing_ = false;
      if (is_ending_)
        end(why_);
      return;
    }
    is_writing_ = true;
    asio::async_write(stream_, asio::buffer(writing_),
                      [self = self()](error_code failed, std::size_t) {
                        if (failed)
                          return self->end("has closed: " + failed.message());
                        self->flush();
                      });
  }

  void end(const std::string& how) { end(fail(errc::unreachable, how)); }

  void end(const protocol::error& why) {
    if (!std::exchange(is_open_, false))
      return;
    why_ = why;
    timer_.cancel();
    resolver_.cancel();
    trust_.stop();
    error_code ignored;
    socket().close(ignored);
    if (const auto owner = std::exchange(owner_, nullptr))
      owner->on_closed(*this, why_, is_refused_);
  }

  connection_start start_; ///< Its context outlives the stream.
  Stream stream_;
  asio::steady_timer timer_;
  tcp::resolver resolver_;
  trust_watch trust_;
  const connection_limits limits_;
  std::shared_ptr<connection_owner> owner_;
  std::optional<peer_name> certified_;
  std::string opening_;
  std::vector<char> piece_;
  std::string read_; // bounded by a frame and a piece
  std::string writing_;
  std::size_t unread_ = 0;
  protocol::error why_;
  bool is_open_ = true;
  bool has_owner_ = false;
  bool is_reading_ = false;
  bool is_writing_ = false;
  bool is_ending_ = false;
  bool is_refused_ = false;
  outbox unsent_;
};

template <class Stream>
std::shared_ptr<opening_connection> make_with(Stream stream,
                                              connection_start start) {
  return std::make_shared<stream_connection<Stream>>(std::move(stream),
                                                     std::move(start));
}

} // namespace

std::shared_ptr<opening_connection> make_connection(tcp::socket socket,
                                                    connection_start start) {
  if (!start.security.context)
    return make_with(std::move(socket), std::move(start));
  start.context = start.security.context();
  asio::ssl::stream<tcp::socket> stream{std::move(socket), *start.context};
  return make_with(std::move(stream), std::move(start));
}

} // namespace troupe::cluster
