#pragma once

#include "providers/wire_codec.hpp"

#include <boost/json/object.hpp>

/// OpenAI's Chat Completions, which OpenRouter and most others speak too.
namespace troupe::providers {

[[nodiscard]] protocol::result<std::string>
encode_openai(const wire_options& options, const protocol::model_call& call);

[[nodiscard]] protocol::result<protocol::model_reply>
decode_openai(std::string_view body);

[[nodiscard]] std::unique_ptr<stream_decoder> make_openai_decoder();

/// The tokens of a `usage` object, which may be null, without overlap. A figure
/// that is absent, no count, or zero although there is output, is zero in the
/// result, which is then marked as estimated: the caller has to count it.
[[nodiscard]] protocol::usage openai_usage(const boost::json::object* reported,
                                           bool has_output);

/// What a `finish_reason` means. Unknown ones count as `complete`.
[[nodiscard]] protocol::stop_reason
openai_stop(std::string_view reason, bool has_tool_calls, bool has_refusal);

/// The same for all calls that begin alike, so that they meet where their
/// beginning is kept; another for each tenant.
[[nodiscard]] std::string cache_key_of(const protocol::model_call& call);

} // namespace troupe::providers
