#pragma once

#include "http/call.hpp"
#include "http/sse_parser.hpp"
#include "providers/asked_wait.hpp"
#include "providers/secret.hpp"
#include "providers/stream_pace.hpp"
#include "providers/told_rates.hpp"
#include "providers/wire_codec.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace troupe::providers {

/// Turns one HTTP answer, streamed or whole, into a reply. Told on the I/O
/// thread; `on_end` is told exactly once, and the key is in no error.
class provider_call final : public http::call_sink {
public:
  using text_sink = std::function<void(std::string)>;
  using end_sink = std::function<void(protocol::result<protocol::model_reply>)>;

  using rates_sink = std::function<void(std::vector<actors::told_rate>)>;

  provider_call(wire_format format, bool wants_stream, secret key,
                const pace_limits& limits, text_sink on_text, end_sink on_end);

  /// Told what the answer says of the key's limits, when it says anything. To
  /// be set before the call starts.
  void hear_rates(rates_sink to) { on_rates_ = std::move(to); }

  void on_head(const http::response_head& head) override;
  protocol::result<http::appetite> on_piece(std::string_view piece) override;
  [[nodiscard]] http::steady_time due() const override;
  protocol::result<void> on_due(http::steady_time now) override;
  void on_done(const std::optional<protocol::error>& failure) override;

private:
  protocol::result<http::appetite> take_events(std::string_view piece);
  protocol::result<http::appetite> take_bytes(std::string_view piece);
  [[nodiscard]] protocol::result<protocol::model_reply>
  outcome(const std::optional<protocol::error>& failure);
  void tell_fresh_text();

  wire_format format_;
  bool wants_stream_;
  secret key_;
  text_sink on_text_;
  end_sink on_end_;
  rates_sink on_rates_; ///< May be empty.
  unsigned status_ = 0;
  protocol::instant told_at_{}; ///< When the status came.
  asked_wait wait_;
  std::string body_;
  http::sse_parser events_;
  std::unique_ptr<stream_decoder> decoder_; ///< Null: the answer is whole.
  stream_pace pace_;
};

} // namespace troupe::providers
