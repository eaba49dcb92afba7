#include "providers/anthropic_messages.hpp"
#include "providers/json_access.hpp"
#include "providers/provider_error.hpp"
#include "providers/reply_builder.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe::providers {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

using kind = reply_builder::kind;

/// Blocks of kinds that we do not know (server tools and their results) keep
/// their place and are left out of the reply.
kind kind_of(std::string_view type) {
  if (type == "text")
    return kind::text;
  if (type == "thinking" || type == "redacted_thinking")
    return kind::thinking;
  return type == "tool_use" ? kind::tool : kind::skipped;
}

result<void> open_block(reply_builder& parts, std::int64_t index,
                        const json::object& block) {
  const auto type = text_in(block, "type");
  auto made = parts.at(index, kind_of(type));
  if (!made)
    return made.error();
  auto& to = **made;
  if (to.what == kind::text) {
    parts.add_text(to, text_in(block, "text"));
  } else if (type == "redacted_thinking") {
    to.signature = std::string{redacted_mark};
    to.signature += text_in(block, "data");
  } else if (to.what == kind::thinking) {
    parts.add(to, text_in(block, "thinking"));
    to.signature = text_in(block, "signature");
  } else if (to.what == kind::tool) {
    to.call_id = text_in(block, "id");
    to.name = text_in(block, "name");
    // In a stream it is empty here and follows in pieces.
    const auto* input = object_in(block, "input");
    if (input && !input->empty())
      to.text = json::serialize(*input);
  }
  return {};
}

void add_delta(reply_builder& parts, reply_builder::block& to,
               const json::object& delta) {
  const auto type = text_in(delta, "type");
  if (type == "text_delta" && to.what == kind::text)
    parts.add_text(to, text_in(delta, "text"));
  else if (type == "thinking_delta" && to.what == kind::thinking)
    parts.add(to, text_in(delta, "thinking"));
  else if (type == "signature_delta" && to.what == kind::thinking)
    to.signature += text_in(delta, "signature");
  else if (type == "input_json_delta" && to.what == kind::tool)
    parts.add(to, text_in(delta, "partial_json"));
}

result<void> add_content(reply_builder& parts, const json::object& message) {
  const auto* content = array_in(message, "content");
  if (!content)
    return {};
  for (std::size_t i = 0; i < content->size(); ++i)
    if (const auto* block = (*content)[i].if_object())
      if (auto opened = open_block(parts, static_cast<std::int64_t>(i), *block);
          !opened)
        return opened;
  return {};
}

result<protocol::model_reply> build(reply_builder parts,
                                    const anthropic_usage& used,
                                    std::string_view reason) {
  protocol::model_reply reply;
  reply.used = used.total(parts.has_content());
  reply.stop = anthropic_stop(reason);
  auto content = std::move(parts).build();
  if (!content)
    return content.error();
  reply.content = std::move(*content);
  return reply;
}

class anthropic_decoder final : public stream_decoder {
public:
  result<void> on_event(std::string_view data) override;
  std::string take_fresh_text() override { return parts_.take_fresh_text(); }
  [[nodiscard]] std::uint64_t content_bytes() const override {
    return parts_.bytes();
  }
  [[nodiscard]] bool is_over() const override { return is_over_; }
  result<protocol::model_reply> finish() override;

private:
  result<void> start_message(const json::object& event);
  result<void> start_block(const json::object& event);
  void add_to_block(const json::object& event);
  void end_message(const json::object& event);
  protocol::error broken(const json::object& event) const;

  reply_builder parts_;
  anthropic_usage used_;
  std::string reason_;
  bool is_started_ = false;
  bool is_over_ = false;
};

result<void> anthropic_decoder::on_event(std::string_view data) {
  if (is_over_)
    return {};
  const auto parsed = protocol::parse_json(data);
  const auto* event = parsed ? parsed->if_object() : nullptr;
  if (!event)
    return fail(errc::provider_malformed, "an event that is not JSON");
  const auto type = text_in(*event, "type");
  if (type == "message_start")
    return start_message(*event);
  if (type == "content_block_start")
    return start_block(*event);
  if (type == "content_block_delta")
    add_to_block(*event);
  else if (type == "message_delta")
    end_message(*event);
  else if (type == "message_stop")
    is_over_ = true;
  else if (type == "error")
    return broken(*event);
  return {};
}

protocol::error anthropic_decoder::broken(const json::object& event) const {
  const auto* error = object_in(event, "error");
  auto failure = error_in_answer(error ? *error : event);
  if (parts_.has_content())
    failure.code = errc::stream_truncated;
  return failure;
}

result<void> anthropic_decoder::start_message(const json::object& event) {
  const auto* message = object_in(event, "message");
  // Some gateways send it twice; the second holds nothing new.
  if (!message || std::exchange(is_started_, true))
    return {};
  if (const auto* used = object_in(*message, "usage"))
    used_.begin(*used);
  if (const auto reason = text_in(*message, "stop_reason"); !reason.empty())
    reason_ = reason;
  return add_content(parts_, *message);
}

result<void> anthropic_decoder::start_block(const json::object& event) {
  const auto index = count_in(event, "index");
  const auto* block = object_in(event, "content_block");
  if (!index || !block)
    return fail(errc::provider_malformed, "a block without an index");
  return open_block(parts_, static_cast<std::int64_t>(*index), *block);
}

void anthropic_decoder::add_to_block(const json::object& event) {
  const auto index = count_in(event, "index");
  const auto* delta = object_in(event, "delta");
  if (!index || !delta)
    return;
  if (auto* block = parts_.find(static_cast<std::int64_t>(*index)))
    add_delta(parts_, *block, *delta);
}

void anthropic_decoder::end_message(const json::object& event) {
  if (const auto* used = object_in(event, "usage"))
    used_.merge(*used);
  const auto* delta = object_in(event, "delta");
  if (!delta)
    return;
  if (const auto reason = text_in(*delta, "stop_reason"); !reason.empty())
    reason_ = reason;
}

result<protocol::model_reply> anthropic_decoder::finish() {
  if (!is_over_)
    return fail(errc::stream_truncated, "the stream ended before its end");
  return build(std::move(parts_), used_, reason_);
}

} // namespace

protocol::stop_reason anthropic_stop(std::string_view reason) {
  if (reason == "max_tokens" || reason == "model_context_window_exceeded")
    return protocol::stop_reason::length;
  if (reason == "tool_use")
    return protocol::stop_reason::tool_use;
  return reason == "refusal" ? protocol::stop_reason::refusal
                             : protocol::stop_reason::complete;
}

result<protocol::model_reply> decode_anthropic(std::string_view body) {
  const auto parsed = protocol::parse_json(body);
  const auto* answer = parsed ? parsed->if_object() : nullptr;
  if (!answer)
    return fail(errc::provider_malformed, "the answer is not JSON");
  if (const auto* error = object_in(*answer, "error"))
    return error_in_answer(*error);
  if (text_in(*answer, "type") != "message" || !array_in(*answer, "content"))
    return fail(errc::provider_malformed, "the answer has no message");
  reply_builder parts;
  anthropic_usage used;
  if (auto added = add_content(parts, *answer); !added)
    return added.error();
  if (const auto* reported = object_in(*answer, "usage"))
    used.merge(*reported);
  return build(std::move(parts), used, text_in(*answer, "stop_reason"));
}

std::unique_ptr<stream_decoder> make_anthropic_decoder() {
  return std::make_unique<anthropic_decoder>();
}

} // namespace troupe::providers
