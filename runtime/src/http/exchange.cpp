#include "http/exchange.hpp"

#include "http/tls_context.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

namespace troupe::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using protocol::errc;
using protocol::fail;

namespace {

constexpr std::size_t header_bytes_max = 32U << 10U;
// Bounds what Beast keeps of chunk extensions and trailers as well.
constexpr std::size_t buffer_bytes_max = 64U << 10U;
constexpr unsigned interim_heads_max = 8;

} // namespace

exchange::exchange(asio::io_context& io, tls_context tls, call_request request,
                   std::shared_ptr<call_sink> sink)
    : io_(io), tls_(std::move(tls)), request_(std::move(request)),
      sink_(std::move(sink)), resolver_(io), timer_(io),
      buffer_(buffer_bytes_max) {
  message_.version(11);
  message_.method_string(request_.method);
  message_.target(request_.target);
  message_.set(beast::http::field::host, host_header(request_.to));
  message_.set(beast::http::field::accept_encoding, "identity");
  for (const auto& [name, value] : request_.headers)
    message_.set(name, value);
  message_.body() = std::move(request_.body);
  message_.prepare_payload();
}

void exchange::arm() {
  due_ = request_.deadline;
  watch();
}

void exchange::start(std::unique_ptr<connection> reused, when_over over) {
  when_left = nullptr;
  over_ = std::move(over);
  is_reused_ = reused != nullptr;
  if (!is_reused_)
    return open();
  connection_ = std::move(reused);
  send();
}

void exchange::open() {
  enter(phase::opening, request_.timeouts.connect);
  stale_ = std::move(connection_);
  connection_ = std::make_unique<connection>(io_, tls_);
  if (!request_.addresses.empty())
    return connect(given_addresses());
  resolver_.async_resolve(
      request_.to.host, std::to_string(request_.to.port),
      tcp::resolver::numeric_service,
      [self = shared_from_this()](error_code why,
                                  const tcp::resolver::results_type& found) {
        if (self->is_over_)
          return;
        if (why)
          return self->abort(
              fail(errc::provider_unavailable, "name not resolved"));
        self->connect(found);
      });
}

exchange::tcp::resolver::results_type exchange::given_addresses() const {
  std::vector<tcp::endpoint> all;
  all.reserve(request_.addresses.size());
  for (const auto& it : request_.addresses)
    all.emplace_back(it, request_.to.port);
  return tcp::resolver::results_type::create(all.begin(), all.end(),
                                             request_.to.host, {});
}

void exchange::connect(const tcp::resolver::results_type& found) {
  asio::async_connect(
      connection_->socket(), found,
      [self = shared_from_this()](error_code why, const tcp::endpoint&) {
        if (self->is_over_)
          return;
        if (why)
          return self->abort(fail(errc::provider_unavailable,
                                  "not connected: " + why.message()));
        error_code ignored;
        self->connection_->socket().set_option(tcp::no_delay{true}, ignored);
        if (self->connection_->tls())
          self->shake_hands();
        else
          self->send();
      });
}

void exchange::shake_hands() {
  auto& tls = *connection_->tls();
  if (!expect_host(tls.native_handle(), request_.to))
    return abort(fail(errc::tls_untrusted, "host name not usable for TLS"));
  tls.async_handshake(asio::ssl::stream_base::client,
                      [self = shared_from_this()](error_code why) {
                        if (self->is_over_)
                          return;
                        if (why)
                          self->refuse_handshake(why);
                        else
                          self->send();
                      });
}

void exchange::refuse_handshake(error_code why) {
  const auto problem = verify_problem(connection_->tls()->native_handle());
  if (!problem.empty())
    return abort(fail(errc::tls_untrusted, "certificate: " + problem));
  abort(fail(errc::provider_unavailable, "TLS: " + why.message()));
}

void exchange::send() {
  enter(phase::answer, request_.timeouts.first_byte);
  connection_->with_stream([this](auto& stream) {
    beast::http::async_write(
        stream, message_, [self = shared_from_this()](error_code, std::size_t) {
          // A server that refuses early closes while we still write: its answer
          // may be there all the same, so the write's error does not count.
          if (!self->is_over_)
            self->read_head();
        });
  });
}

void exchange::read_head() {
  parser_.emplace();
  parser_->header_limit(header_bytes_max);
  parser_->body_limit(boost::none);
  connection_->with_stream([this](auto& stream) {
    beast::http::async_read_header(
        stream, buffer_, *parser_,
        [self = shared_from_this()](error_code why, std::size_t) {
          if (!self->is_over_)
            self->on_head_read(why);
        });
  });
}

void exchange::on_head_read(error_code why) {
  if (why)
    return lose_head(why);
  if (parser_->get().result_int() / 100 == 1) {
    if (parser_->get().result_int() == 101
        || ++interim_heads_ > interim_heads_max)
      return abort(fail(errc::provider_malformed, "interim answers"));
    return read_head();
  }
  if (auto problem = framing_problem(); !problem.empty())
    return abort(fail(errc::provider_malformed, std::move(problem)));
  tell_head();
  if (!is_over_)
    read_body();
}

bool exchange::is_bad_http(error_code why) {
  namespace http = beast::http;
  return why.category() == make_error_code(http::error::bad_version).category()
         && why != http::error::end_of_stream
         && why != http::error::partial_message;
}

void exchange::lose_head(error_code why) {
  if (is_bad_http(why))
    return abort(fail(errc::provider_malformed, "not HTTP: " + why.message()));
  const bool nothing_came = buffer_.size() == 0 && !parser_->got_some();
  if (!nothing_came)
    return abort(fail(errc::stream_truncated, "cut in the response header"));
  if (std::exchange(is_reused_, false)) {
    connection_->close();
    return open();
  }
  // The request has been sent: somebody may have worked on it.
  abort(fail(errc::stream_truncated, "closed without an answer"));
}

std::string exchange::framing_problem() const {
  const auto& head = parser_->get();
  const auto codings = head.count(beast::http::field::transfer_encoding);
  if (codings > 1
      || (codings == 1
          && !beast::iequals(head[beast::http::field::transfer_encoding],
                             "chunked")))
    return "transfer coding other than chunked";
  if (codings == 1 && head.count(beast::http::field::content_length) != 0)
    return "both a length and chunks";
  const auto coding = head[beast::http::field::content_encoding];
  if (!coding.empty() && !beast::iequals(coding, "identity"))
    return "content coding that was not asked for";
  return {};
}

void exchange::tell_head() {
  response_head head;
  head.status = parser_->get().result_int();
  for (const auto& field : parser_->get()) {
    std::string name{field.name_string()};
    for (char& c : name)
      if (c >= 'A' && c <= 'Z')
        c = static_cast<char>(c - 'A' + 'a');
    head.headers.emplace_back(std::move(name), std::string{field.value()});
  }
  sink_->on_head(head);
}

} // namespace troupe::http
