#include "providers/wire_codec.hpp"

#include "providers/anthropic_messages.hpp"
#include "providers/openai_chat.hpp"
#include "providers/openai_responses.hpp"

namespace troupe::providers {

std::string_view path_of(wire_format format) noexcept {
  switch (format) {
  case wire_format::anthropic_messages:
    return "/messages";
  case wire_format::openai_responses:
    return "/responses";
  case wire_format::openai_chat:
    break;
  }
  return "/chat/completions";
}

protocol::result<std::string> encode_call(const wire_options& options,
                                          const protocol::model_call& call) {
  if (call.messages.empty())
    return protocol::fail(protocol::errc::invalid_request,
                          "messages: at least one");
  if (call.temperature_permille.value_or(0) > 2000)
    return protocol::fail(protocol::errc::invalid_request,
                          "temperature_permille: 0 to 2000");
  switch (options.format) {
  case wire_format::anthropic_messages:
    return encode_anthropic(options, call);
  case wire_format::openai_responses:
    return encode_responses(options, call);
  case wire_format::openai_chat:
    break;
  }
  return encode_openai(options, call);
}

protocol::result<protocol::model_reply> decode_reply(wire_format format,
                                                     std::string_view body) {
  switch (format) {
  case wire_format::anthropic_messages:
    return decode_anthropic(body);
  case wire_format::openai_responses:
    return decode_responses(body);
  case wire_format::openai_chat:
    break;
  }
  return decode_openai(body);
}

std::unique_ptr<stream_decoder> make_stream_decoder(wire_format format) {
  switch (format) {
  case wire_format::anthropic_messages:
    return make_anthropic_decoder();
  case wire_format::openai_responses:
    return make_responses_decoder();
  case wire_format::openai_chat:
    break;
  }
  return make_openai_decoder();
}

} // namespace troupe::providers
