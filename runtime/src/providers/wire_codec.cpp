#include "providers/wire_codec.hpp"

#include "providers/anthropic_messages.hpp"
#include "providers/openai_chat.hpp"

namespace troupe::providers {

std::string_view path_of(wire_format format) noexcept {
  return format == wire_format::anthropic_messages ? "/messages"
                                                   : "/chat/completions";
}

protocol::result<std::string> encode_call(const wire_options& options,
                                          const protocol::model_call& call) {
  if (call.messages.empty())
    return protocol::fail(protocol::errc::invalid_request,
                          "messages: at least one");
  if (call.temperature_permille.value_or(0) > 2000)
    return protocol::fail(protocol::errc::invalid_request,
                          "temperature_permille: 0 to 2000");
  return options.format == wire_format::anthropic_messages
             ? encode_anthropic(options, call)
             : encode_openai(options, call);
}

protocol::result<protocol::model_reply> decode_reply(wire_format format,
                                                     std::string_view body) {
  return format == wire_format::anthropic_messages ? decode_anthropic(body)
                                                   : decode_openai(body);
}

std::unique_ptr<stream_decoder> make_stream_decoder(wire_format format) {
  return format == wire_format::anthropic_messages ? make_anthropic_decoder()
                                                   : make_openai_decoder();
}

} // namespace troupe::providers
