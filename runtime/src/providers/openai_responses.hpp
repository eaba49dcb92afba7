#pragma once

#include "providers/wire_codec.hpp"

#include <boost/json/object.hpp>

/// OpenAI's Responses, used without anything kept at the provider: each call
/// carries the whole conversation.
namespace troupe::providers {

[[nodiscard]] protocol::result<std::string>
encode_responses(const wire_options& options, const protocol::model_call& call);

[[nodiscard]] protocol::result<protocol::model_reply>
decode_responses(std::string_view body);

[[nodiscard]] std::unique_ptr<stream_decoder> make_responses_decoder();

/// The tokens of a `usage` object, which may be null, without overlap: theirs
/// counts cached ones as input too. Without figures, or all zero although there
/// is output: estimated.
[[nodiscard]] protocol::usage
responses_usage(const boost::json::object* reported, bool has_output);

} // namespace troupe::providers
