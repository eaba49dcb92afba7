#include "providers/json_access.hpp"
#include "providers/provider_error.hpp"
#include "providers/response_items.hpp"

#include <troupe/protocol/json.hpp>

namespace troupe::providers {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;
using block_kind = reply_builder::kind;

namespace {

class responses_decoder final : public stream_decoder {
public:
  result<void> on_event(std::string_view data) override;
  [[nodiscard]] std::uint64_t content_bytes() const override {
    return items_.parts.bytes();
  }
  std::string take_fresh_text() override {
    return items_.parts.take_fresh_text();
  }
  [[nodiscard]] bool is_over() const override { return is_over_; }
  result<protocol::model_reply> finish() override;

private:
  result<void> take(std::string_view type, const json::object& event);
  result<void> take_delta(std::string_view type, const json::object& event);
  result<void> end(const json::object& response);
  [[nodiscard]] protocol::error failure_of(const json::object& error);

  response_items items_;
  json::object response_;
  bool has_items_ = false;
  bool is_over_ = false;
};

protocol::error responses_decoder::failure_of(const json::object& error) {
  auto failure = error_in_answer(error);
  if (items_.parts.has_content())
    failure.code = errc::stream_truncated;
  return failure;
}

result<void> responses_decoder::on_event(std::string_view data) {
  if (is_over_ || data == "[DONE]")
    return {};
  const auto parsed = protocol::parse_json(data);
  const auto* event = parsed ? parsed->if_object() : nullptr;
  if (!event)
    return fail(errc::provider_malformed, "an event that is not JSON");
  if (const auto* error = response_error(*event))
    return failure_of(*error);
  return take(text_in(*event, "type"), *event);
}

result<void> responses_decoder::take(std::string_view type,
                                     const json::object& event) {
  const bool is_done = type == "response.output_item.done";
  if (is_done || type == "response.output_item.added") {
    const auto* item = object_in(event, "item");
    if (item == nullptr)
      return fail(errc::provider_malformed, "an item that is not there");
    has_items_ = true;
    const auto index = count_in(event, "output_index").value_or(0);
    return items_.put(static_cast<std::int64_t>(index), *item, is_done);
  }
  if (type == "response.completed" || type == "response.incomplete"
      || type == "response.failed") {
    const auto* response = object_in(event, "response");
    if (response == nullptr)
      return fail(errc::provider_malformed, "an end without its response");
    return end(*response);
  }
  return take_delta(type, event);
}

result<void> responses_decoder::take_delta(std::string_view type,
                                           const json::object& event) {
  auto kind = block_kind::skipped;
  if (type == "response.output_text.delta" || type == "response.refusal.delta")
    kind = block_kind::text;
  else if (type == "response.function_call_arguments.delta")
    kind = block_kind::tool;
  else if (type == "response.reasoning_summary_text.delta"
           || type == "response.reasoning_text.delta")
    kind = block_kind::thinking;
  if (kind == block_kind::skipped)
    return {};
  has_items_ = true;
  const auto index = count_in(event, "output_index").value_or(0);
  return items_.add(static_cast<std::int64_t>(index), kind,
                    text_in(event, "delta"));
}

result<void> responses_decoder::end(const json::object& response) {
  is_over_ = true;
  if (const auto* error = response_error(response))
    return failure_of(*error);
  response_ = response;
  // Servers that tell no items on the way tell them here.
  return has_items_ ? result<void>{} : items_.put_all(response);
}

result<protocol::model_reply> responses_decoder::finish() {
  if (!is_over_)
    return fail(errc::stream_truncated, "the stream ended before its end");
  if (text_in(response_, "status") == "failed")
    return fail(errc::stream_truncated, "the provider broke off");
  return std::move(items_).finish(response_);
}

} // namespace

std::unique_ptr<stream_decoder> make_responses_decoder() {
  return std::make_unique<responses_decoder>();
}

} // namespace troupe::providers
