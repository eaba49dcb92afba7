#pragma once

#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/time.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::testing {

/// What a scripted model does with one call.
struct model_act {
  /// What it replies, or how it fails. Tokens that are not set are counted: a
  /// quarter of the bytes.
  protocol::result<protocol::model_reply> outcome = protocol::model_reply{};
  std::vector<std::string> pieces{}; ///< Streamed before; empty: the text.
  protocol::duration after = std::chrono::milliseconds{200};
  bool is_counted = true; ///< False: tokens are reported as they are set.
  bool hangs = false;     ///< Until its deadline, or until it is cancelled.
};

/// What a scripted model does with calls, one after the other. Each function
/// returns the script itself, to go on with. For one thread.
class model_script {
public:
  model_script& says(std::string text);
  /// Wishes a tool to run; what it says next is to be what follows.
  model_script& calls_tool(std::string name, std::string arguments = "{}");
  /// 429 is `provider_throttled`, 5xx `provider_unavailable`, an answer that
  /// cannot be read `provider_malformed`.
  model_script& fails(protocol::errc code, protocol::duration retry_after = {});
  /// Says only the first part, then the stream ends.
  model_script& breaks_off(std::string text);
  model_script& hangs();

  /// The last act takes so long.
  model_script& takes(protocol::duration time);
  /// The last act reports these tokens, whatever it has said.
  model_script& reports(std::uint64_t input, std::uint64_t output);
  /// The last act is repeated for ever.
  model_script& always();

  /// The next act, or null when all are done.
  [[nodiscard]] const model_act* next();
  /// How many acts are still to come; one that is repeated counts as one.
  [[nodiscard]] std::size_t left() const noexcept;

private:
  model_script& add(model_act act);

  std::vector<model_act> acts_;
  std::size_t at_ = 0;
  bool is_endless_ = false;
};

} // namespace troupe::testing
