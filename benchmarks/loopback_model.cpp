#include "loopback_model.hpp"

#include "measure.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <optional>
#include <poll.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace troupe::benchmarks {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

constexpr int pieces = 20;
constexpr std::size_t piece_bytes = 100;
constexpr int patience_ms = 10'000;

/// What the server tells of /hang.
struct hang_event {
  double at;
  bool is_request;
};

std::string event(const std::string& json) {
  return "data: " + json + "\n\n";
}

std::string chunk(const std::string& text) {
  std::ostringstream out;
  out << std::hex << text.size() << "\r\n" << text << "\r\n";
  return out.str();
}

std::string piece() {
  return event(R"({"choices":[{"index":0,"delta":{"content":")"
               + std::string(piece_bytes, 'a') + R"("}}]})");
}

/// Head and first event, and the rest.
std::array<std::string, 2> stream_answer() {
  std::string rest;
  for (int i = 1; i < pieces; ++i)
    rest += chunk(piece());
  rest += chunk(
      event(R"({"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})")
      + event(R"({"choices":[],"usage":{"prompt_tokens":250,)"
              R"("completion_tokens":500}})")
      + event("[DONE]"));
  return {"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
          "Transfer-Encoding: chunked\r\n\r\n"
              + chunk(piece()),
          rest + "0\r\n\r\n"};
}

std::string whole_answer() {
  const auto body =
      R"({"choices":[{"index":0,"message":{"role":"assistant","content":")"
      + std::string(piece_bytes * pieces, 'a')
      + R"("},"finish_reason":"stop"}],"usage":{"prompt_tokens":250,)"
        R"("completion_tokens":500}})";
  return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// One connection of the server.
class session : public std::enable_shared_from_this<session> {
public:
  session(tcp::socket socket, int events)
      : socket_(std::move(socket)), events_(events) {}

  void read() {
    parser_.emplace();
    http::async_read(socket_, buffer_, *parser_,
                     [self = shared_from_this()](error_code why, std::size_t) {
                       if (!why)
                         self->answer();
                       else if (self->hangs_)
                         self->tell(false);
                     });
  }

private:
  void answer() {
    static const auto whole = whole_answer();
    static const auto stream = stream_answer();
    const auto target = parser_->get().target();
    if (target.starts_with("/stream"))
      return send(stream[0], [this] { send(stream[1], [this] { read(); }); });
    if (target.starts_with("/whole"))
      return send(whole, [this] { read(); });
    hangs_ = true;
    tell(true);
    if (target.starts_with("/drip"))
      return send(stream[0], [this] { read(); });
    read();
  }

  template <class Done>
  void send(const std::string& bytes, Done done) {
    asio::async_write(
        socket_, asio::buffer(bytes),
        [self = shared_from_this(), done](error_code why, std::size_t) {
          if (!why)
            done();
        });
  }

  void tell(bool is_request) const {
    const hang_event it{seconds_now(), is_request};
    if (write(events_, &it, sizeof it) != sizeof it)
      _exit(1);
  }

  tcp::socket socket_;
  int events_;
  bool hangs_ = false;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
};

void accept(tcp::acceptor& at, int events) {
  at.async_accept([&at, events](error_code why, tcp::socket socket) {
    if (!why) {
      error_code ignored;
      socket.set_option(tcp::no_delay{true}, ignored);
      std::make_shared<session>(std::move(socket), events)->read();
    }
    accept(at, events);
  });
}

/// A client that does what it must and nothing else.
class bare_caller {
public:
  bare_caller(asio::io_context& io, const std::string& target,
              const std::string& body, std::int64_t& left, call_times& times)
      : socket_(io), left_(left), times_(times) {
    request_.method(http::verb::post);
    request_.target(target);
    request_.set(http::field::host, "127.0.0.1");
    request_.set(http::field::content_type, "application/json");
    request_.body() = body;
    request_.prepare_payload();
  }

  void connect(std::uint16_t port) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay{true});
  }

  void next() {
    if (left_ == 0)
      return;
    --left_;
    began_ = seconds_now();
    is_first_ = true;
    parser_.emplace();
    parser_->body_limit(boost::none);
    http::async_write(socket_, request_, [this](error_code why, std::size_t) {
      check(why);
      http::async_read_header(socket_, buffer_, *parser_,
                              [this](error_code failure, std::size_t) {
                                check(failure);
                                read();
                              });
    });
  }

private:
  static void check(error_code why) {
    if (why)
      wrong("a bare call: " + why.message());
  }

  void read() {
    if (parser_->is_done()) {
      times_.whole.push_back((seconds_now() - began_) * 1e6);
      return next();
    }
    parser_->get().body().data = piece_.data();
    parser_->get().body().size = piece_.size();
    http::async_read_some(socket_, buffer_, *parser_,
                          [this](error_code why, std::size_t) {
                            if (why != http::error::need_buffer)
                              check(why);
                            note_first();
                            read();
                          });
  }

  void note_first() {
    if (parser_->get().body().size == piece_.size() || !is_first_)
      return;
    is_first_ = false;
    times_.first.push_back((seconds_now() - began_) * 1e6);
  }

  tcp::socket socket_;
  std::int64_t& left_;
  call_times& times_;
  http::request<http::string_body> request_;
  boost::beast::flat_buffer buffer_;
  std::optional<http::response_parser<http::buffer_body>> parser_;
  std::array<char, 16'384> piece_{};
  double began_ = 0;
  bool is_first_ = true;
};

} // namespace

loopback_model::loopback_model() {
  asio::io_context io{1};
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  port_ = acceptor.local_endpoint().port();
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0)
    wrong("no pipe");
  io.notify_fork(asio::io_context::fork_prepare);
  child_ = fork();
  if (child_ != 0) {
    io.notify_fork(asio::io_context::fork_parent);
    close(pipe[1]);
    events_ = pipe[0];
    return;
  }
  io.notify_fork(asio::io_context::fork_child);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  accept(acceptor, pipe[1]);
  io.run();
  _exit(0);
}

loopback_model::~loopback_model() {
  kill(child_, SIGKILL);
  waitpid(child_, nullptr, 0);
  close(events_);
}

std::string loopback_model::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

bool loopback_model::next_event(double& at) const {
  pollfd ready{events_, POLLIN, 0};
  hang_event it{};
  if (poll(&ready, 1, patience_ms) != 1
      || ::read(events_, &it, sizeof it) != sizeof it)
    wrong("nothing happened at the endpoint");
  at = it.at;
  return it.is_request;
}

double quantile(std::vector<double> values, double share) {
  if (values.empty())
    wrong("nothing was measured");
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(
      share * static_cast<double>(values.size() - 1))];
}

call_times bare_calls(const loopback_model& to, const std::string& target,
                      const std::string& body, std::int64_t count,
                      std::int64_t at_once) {
  asio::io_context io{1};
  call_times times;
  std::int64_t left = count;
  std::vector<std::unique_ptr<bare_caller>> callers;
  for (std::int64_t i = 0; i < at_once; ++i) {
    callers.push_back(
        std::make_unique<bare_caller>(io, target, body, left, times));
    callers.back()->connect(to.port());
  }
  const auto cpu = cpu_seconds();
  const auto began = seconds_now();
  for (auto& it : callers)
    it->next();
  io.run();
  times.seconds = seconds_now() - began;
  times.cpu_seconds = cpu_seconds() - cpu;
  return times;
}

} // namespace troupe::benchmarks
