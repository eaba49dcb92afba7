#include "providers/provider_call.hpp"

#include "providers/provider_error.hpp"

#include <boost/beast/core/string.hpp>

#include <utility>

namespace troupe::providers {

using http::appetite;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t whole_bytes_max = 16U << 20U;
constexpr std::size_t error_bytes_max = 64U << 10U;

bool is_success(unsigned status) {
  return status / 100 == 2;
}

bool starts_with(std::string_view text, std::string_view prefix) {
  return boost::beast::iequals(text.substr(0, prefix.size()), prefix);
}

} // namespace

provider_call::provider_call(wire_format format, bool wants_stream, secret key,
                             const pace_limits& limits, text_sink on_text,
                             end_sink on_end)
    : format_(format), wants_stream_(wants_stream), key_(std::move(key)),
      on_text_(std::move(on_text)), on_end_(std::move(on_end)), pace_(limits) {}

void provider_call::on_head(const http::response_head& head) {
  status_ = head.status;
  told_at_ = std::chrono::system_clock::now();
  wait_ = read_asked_wait(head, told_at_);
  if (on_rates_)
    if (auto rates = read_told_rates(head, told_at_); !rates.empty())
      on_rates_(std::move(rates));
  // Servers that were asked for a stream may answer in one piece, and some
  // stream without saying so.
  const auto type = head.value_of("content-type");
  const bool is_stream =
      starts_with(type, "text/event-stream")
      || (wants_stream_ && !starts_with(type, "application/json"));
  if (is_success(status_) && is_stream)
    decoder_ = make_stream_decoder(format_);
  pace_.begin(std::chrono::steady_clock::now());
}

result<appetite> provider_call::on_piece(std::string_view piece) {
  auto wish = decoder_ ? take_events(piece) : take_bytes(piece);
  pace_.note(decoder_ ? decoder_->content_bytes() : body_.size(),
             std::chrono::steady_clock::now());
  return wish;
}

http::steady_time provider_call::due() const {
  return pace_.due();
}

result<void> provider_call::on_due(http::steady_time now) {
  return pace_.check(now);
}

result<appetite> provider_call::take_bytes(std::string_view piece) {
  const bool good = is_success(status_);
  const auto room = (good ? whole_bytes_max : error_bytes_max) - body_.size();
  body_ += piece.substr(0, room);
  if (piece.size() <= room)
    return appetite::more;
  if (good)
    return fail(errc::provider_malformed, "response above 16 MiB");
  return appetite::enough;
}

result<appetite> provider_call::take_events(std::string_view piece) {
  auto fed = events_.feed(piece, [this](const http::sse_event& event) {
    return decoder_->on_event(event.data);
  });
  tell_fresh_text();
  if (!fed)
    return fed.error();
  return decoder_->is_over() ? appetite::enough : appetite::more;
}

void provider_call::tell_fresh_text() {
  auto text = decoder_->take_fresh_text();
  if (!text.empty())
    on_text_(std::move(text));
}

void provider_call::on_done(const std::optional<protocol::error>& failure) {
  auto ended = outcome(failure);
  if (ended.has_error()) {
    auto told = ended.error();
    told.detail = key_.redacted(told.detail);
    ended = std::move(told);
  }
  std::exchange(on_end_, nullptr)(std::move(ended));
}

result<protocol::model_reply>
provider_call::outcome(const std::optional<protocol::error>& failure) {
  const bool is_cut = failure && failure->code == errc::stream_truncated;
  if (status_ != 0 && !is_success(status_) && (!failure || is_cut))
    return error_of_status(status_, body_, wait_, told_at_);
  if (!decoder_)
    return failure ? result<protocol::model_reply>{*failure}
                   : decode_reply(format_, body_);
  if (!failure)
    return decoder_->finish();
  if (!is_cut)
    return *failure;
  // A connection cut after the last word has lost nothing.
  auto complete = decoder_->finish();
  return complete ? std::move(complete) : *failure;
}

} // namespace troupe::providers
