#include "http/exchange.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>

/// The second half of an exchange: the body, the clock and the end.
namespace troupe::http {

namespace beast = boost::beast;
using protocol::errc;
using protocol::fail;

namespace {

constexpr std::chrono::milliseconds rest_limit{500};
constexpr std::chrono::milliseconds shortest_pause{1};

} // namespace

void exchange::read_body() {
  if (parser_->is_done())
    return end_body();
  if (phase_ != phase::rest)
    enter(phase::body, request_.timeouts.idle);
  parser_->get().body().data = piece_.data();
  parser_->get().body().size = piece_.size();
  parser_->get().body().more = true;
  connection_->with_stream([this](auto& stream) {
    beast::http::async_read_some(
        stream, buffer_, *parser_,
        [self = shared_from_this()](error_code why, std::size_t) {
          if (!self->is_over_)
            self->on_body_read(why);
        });
  });
}

void exchange::on_body_read(error_code why) {
  const auto size = piece_.size() - parser_->get().body().size;
  take_piece({piece_.data(), size});
  if (is_over_)
    return;
  if (!why || why == beast::http::error::need_buffer)
    return read_body();
  if (is_bad_http(why))
    return abort(
        fail(errc::provider_malformed, "response body: " + why.message()));
  abort(fail(errc::stream_truncated, "cut in the response body"));
}

void exchange::take_piece(std::string_view piece) {
  body_bytes_ += piece.size();
  if (body_bytes_ > request_.body_bytes_max)
    return abort(fail(errc::provider_malformed, "response above its limit"));
  if (phase_ == phase::rest || piece.empty())
    return;
  auto wish = sink_->on_piece(piece);
  if (is_over_)
    return;
  if (!wish)
    return abort(wish.error());
  if (*wish == appetite::enough) {
    tell_done({});
    enter(phase::rest, rest_limit);
  }
}

void exchange::end_body() {
  const bool reusable =
      parser_->keep_alive() && !parser_->need_eof() && buffer_.size() == 0;
  finish({}, reusable);
}

void exchange::enter(phase next, std::chrono::milliseconds limit) {
  phase_ = next;
  const auto due = std::chrono::steady_clock::now() + limit;
  phase_due_ = std::min(due, request_.deadline);
  due_ = std::min(phase_due_, sink_due());
  if (due_ < timer_.expiry())
    watch();
}

steady_time exchange::sink_due() const {
  return phase_ == phase::body && sink_ ? sink_->due() : steady_time::max();
}

void exchange::watch() {
  timer_.expires_at(due_);
  timer_.async_wait([weak = weak_from_this()](error_code why) {
    auto self = weak.lock();
    if (!why && self && !self->is_over_)
      self->on_time();
  });
}

void exchange::on_time() {
  const auto now = std::chrono::steady_clock::now();
  if (now < due_)
    return watch();
  if (phase_ == phase::rest)
    return finish({}, false);
  if (now >= request_.deadline)
    return abort(fail(errc::deadline_exceeded,
                      phase_ <= phase::opening ? "before anything was sent"
                                               : "while the model answered"));
  if (now >= sink_due()) {
    if (auto heard = sink_->on_due(now); !heard)
      return abort(heard.error());
    due_ = std::min(phase_due_, std::max(sink_due(), now + shortest_pause));
    if (now < due_)
      return watch();
  }
  if (phase_ == phase::opening)
    return abort(fail(errc::provider_unavailable, "not connected in time"));
  abort(fail(errc::provider_timeout, phase_ == phase::answer
                                         ? "no answer in time"
                                         : "the answer stopped arriving"));
}

void exchange::abort(protocol::error failure) {
  if (!is_over_)
    finish(std::move(failure), false);
}

void exchange::tell_done(const std::optional<protocol::error>& failure) {
  if (!std::exchange(is_told_, true))
    std::exchange(sink_, nullptr)->on_done(failure);
}

void exchange::finish(const std::optional<protocol::error>& failure,
                      bool reusable) {
  is_over_ = true;
  timer_.cancel();
  resolver_.cancel();
  if (!reusable && connection_)
    connection_->close();
  tell_done(failure);
  // An operation may still be pending on a connection that is not reusable:
  // it stays with the exchange until that has ended.
  if (auto over = std::exchange(over_, nullptr))
    over(reusable ? std::move(connection_) : nullptr);
  else if (auto left = std::exchange(when_left, nullptr))
    left();
}

} // namespace troupe::http
