#pragma once

#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

/// The wire formats of providers, as plain functions: no sockets, no clock.
namespace troupe::providers {

enum class wire_format : std::uint8_t {
  openai_chat,
  openai_responses,
  anthropic_messages,
};

struct wire_options {
  wire_format format = wire_format::openai_chat;
  /// Send `max_tokens`, which many OpenAI-compatible servers still expect,
  /// in place of `max_completion_tokens`.
  bool legacy_max_tokens = false;
  /// Send reasoning back as `reasoning_content` (OpenAI format only).
  bool sends_reasoning_back = false;
  /// Tell what of the prompt comes again: `cache_control` marks in Anthropic's
  /// format, `prompt_cache_key` in OpenAI's.
  bool hints_prompt_cache = false;
};

/// The path after the base URL: `/chat/completions`, `/messages`.
[[nodiscard]] std::string_view path_of(wire_format format) noexcept;

/// The JSON body of a call. Errors: `invalid_request` (no messages, a tool's
/// schema or arguments that are not a JSON object, a temperature above 2).
[[nodiscard]] protocol::result<std::string>
encode_call(const wire_options& options, const protocol::model_call& call);

/// Reads a whole answer; `model`, `provider` and `cost` are left to callers.
/// Errors: `provider_malformed`, and those of `error_in_answer`.
[[nodiscard]] protocol::result<protocol::model_reply>
decode_reply(wire_format format, std::string_view body);

/// Puts a streamed answer together. Thread safety: one thread at a time.
class stream_decoder {
public:
  stream_decoder() = default;
  stream_decoder(const stream_decoder&) = delete;
  stream_decoder& operator=(const stream_decoder&) = delete;
  virtual ~stream_decoder() = default;

  /// Reads the data of one event. Errors: `provider_malformed`; the provider's
  /// own error; `stream_truncated` in its place once content has arrived,
  /// since that may be billed.
  [[nodiscard]] virtual protocol::result<void>
  on_event(std::string_view data) = 0;
  /// How much of an answer has come: text, reasoning and tool calls.
  [[nodiscard]] virtual std::uint64_t content_bytes() const = 0;
  /// The answer's text since the last call.
  [[nodiscard]] virtual std::string take_fresh_text() = 0;
  /// True when the provider has said that nothing follows.
  [[nodiscard]] virtual bool is_over() const = 0;
  /// The answer. Errors: `stream_truncated` when it is not complete.
  [[nodiscard]] virtual protocol::result<protocol::model_reply> finish() = 0;
};

[[nodiscard]] std::unique_ptr<stream_decoder>
make_stream_decoder(wire_format format);

} // namespace troupe::providers
