#include "support/runtime/fake_upstream.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <optional>
#include <sstream>

namespace troupe::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::chrono::seconds patience{20};

} // namespace

scripted_reply plain_reply(unsigned status, const std::string& body,
                           const std::string& type,
                           const std::string& more_headers) {
  return {"HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Type: " + type
          + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"
          + more_headers + "\r\n" + body};
}

scripted_reply stream_reply(const std::string& events, bool is_cut) {
  std::ostringstream out;
  out << "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
         "Transfer-Encoding: chunked\r\n\r\n";
  if (!events.empty())
    out << std::hex << events.size() << "\r\n" << events << "\r\n";
  if (!is_cut)
    out << "0\r\n\r\n";
  return {out.str(),
          is_cut ? scripted_reply::end::close : scripted_reply::end::keep};
}

class fake_upstream::session : public std::enable_shared_from_this<session> {
public:
  session(fake_upstream& owner, tcp::socket socket)
      : owner_(owner), socket_(std::move(socket)),
        next_drop_(socket_.get_executor()) {
    owner_.note_open(1);
    if (owner_.tls_)
      tls_.emplace(socket_, *owner_.tls_);
  }

  ~session() { owner_.note_open(-1); }
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  void begin() {
    if (!tls_)
      return read();
    tls_->async_handshake(asio::ssl::stream_base::server,
                          [self = shared_from_this()](error_code why) {
                            if (why)
                              self->gone();
                            else
                              self->read();
                          });
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  template <class F>
  void with_stream(F f) {
    if (tls_)
      f(*tls_);
    else
      f(socket_);
  }

  void read() {
    parser_.emplace();
    parser_->body_limit(64U << 20U);
    with_stream([this](auto& stream) {
      http::async_read(stream, buffer_, *parser_,
                       [self = shared_from_this()](error_code why, auto) {
                         if (why)
                           return self->gone();
                         std::ostringstream text;
                         text << self->parser_->get();
                         self->owner_.note(text.str());
                         self->reply_ = self->owner_.next_reply();
                         self->sent_ = 0;
                         self->write();
                       });
    });
  }

  void write() {
    const auto left = reply_.bytes.size() - sent_;
    if (left == 0)
      return after();
    const auto size =
        reply_.piece_bytes == 0 ? left : std::min(left, reply_.piece_bytes);
    with_stream([this, size](auto& stream) {
      asio::async_write(stream, asio::buffer(reply_.bytes.data() + sent_, size),
                        [self = shared_from_this()](error_code why, auto sent) {
                          if (why)
                            return self->gone();
                          self->sent_ += sent;
                          self->write();
                        });
    });
  }

  void after() {
    using end = scripted_reply::end;
    if (reply_.then == end::keep)
      return read();
    if (reply_.then == end::hang)
      return wait_for_close();
    if (reply_.then == end::drip)
      return drip();
    error_code ignored;
    if (reply_.then == end::reset)
      socket_.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket_.close(ignored);
  }

  void drip() {
    next_drop_.expires_after(std::chrono::milliseconds{10});
    next_drop_.async_wait([self = shared_from_this()](error_code) {
      self->reply_.bytes = self->reply_.drop;
      self->sent_ = 0;
      self->write();
    });
  }

  void wait_for_close() {
    with_stream([this](auto& stream) {
      stream.async_read_some(asio::buffer(&byte_, 1),
                             [self = shared_from_this()](error_code why, auto) {
                               if (why)
                                 self->gone();
                               else
                                 self->wait_for_close();
                             });
    });
  }

  void gone() { owner_.note_closed(); }

  fake_upstream& owner_;
  tcp::socket socket_;
  std::optional<asio::ssl::stream<tcp::socket&>> tls_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  scripted_reply reply_;
  std::size_t sent_ = 0;
  char byte_ = 0;
  asio::steady_timer next_drop_;
};

fake_upstream::fake_upstream(std::shared_ptr<asio::ssl::context> tls)
    : tls_(std::move(tls)),
      acceptor_(io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}),
      thread_([this] {
        accept();
        io_.run();
      }) {}

fake_upstream::~fake_upstream() {
  asio::post(io_, [this] {
    error_code ignored;
    acceptor_.close(ignored);
    for (auto& weak : sessions_)
      if (auto open = weak.lock())
        open->close();
  });
  thread_.join();
}

void fake_upstream::will(scripted_reply reply) {
  const std::lock_guard lock{mutex_};
  script_.push_back(std::move(reply));
}

std::uint16_t fake_upstream::port() const {
  return acceptor_.local_endpoint().port();
}

std::string fake_upstream::url(const std::string& path) const {
  return std::string{tls_ ? "https" : "http"}
         + "://127.0.0.1:" + std::to_string(port()) + path;
}

std::vector<std::string> fake_upstream::requests() {
  const std::lock_guard lock{mutex_};
  return requests_;
}

void fake_upstream::accept() {
  acceptor_.async_accept([this](error_code why, tcp::socket socket) {
    if (why)
      return;
    ++connections_;
    socket.set_option(tcp::no_delay{true});
    auto made = std::make_shared<session>(*this, std::move(socket));
    sessions_.push_back(made);
    made->begin();
    accept();
  });
}

scripted_reply fake_upstream::next_reply() {
  const std::lock_guard lock{mutex_};
  if (script_.empty())
    return {{}, scripted_reply::end::hang};
  auto next = std::move(script_.front());
  script_.pop_front();
  return next;
}

void fake_upstream::note(std::string request) {
  {
    const std::lock_guard lock{mutex_};
    requests_.push_back(std::move(request));
  }
  changed_.notify_all();
}

void fake_upstream::note_closed() {
  {
    const std::lock_guard lock{mutex_};
    ++closed_;
  }
  changed_.notify_all();
}

void fake_upstream::note_open(int change) {
  {
    const std::lock_guard lock{mutex_};
    open_ += change;
  }
  changed_.notify_all();
}

bool fake_upstream::wait_for_quiet() {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [&] { return open_ == 0; });
}

bool fake_upstream::wait_for_closed(unsigned count) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience, [&] { return closed_ >= count; });
}

bool fake_upstream::wait_for_requests(std::size_t count) {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, patience,
                           [&] { return requests_.size() >= count; });
}

} // namespace troupe::test
