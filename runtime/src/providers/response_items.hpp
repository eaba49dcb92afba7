#pragma once

#include "providers/openai_responses.hpp"
#include "providers/reply_builder.hpp"

namespace troupe::providers {

/// The items of an answer, whole or streamed.
class response_items {
public:
  /// A piece of an item's text.
  protocol::result<void> add(std::int64_t index, reply_builder::kind kind,
                             std::string_view text);

  /// An item that has begun, or is complete: what it says counts more than
  /// the pieces before it.
  protocol::result<void> put(std::int64_t index,
                             const boost::json::object& item, bool is_done);

  /// All items of a `response` object.
  protocol::result<void> put_all(const boost::json::object& response);

  /// The answer, with what its `response` object tells.
  [[nodiscard]] protocol::result<protocol::model_reply>
  finish(const boost::json::object& response) &&;

  reply_builder parts;

private:
  void put_text(reply_builder::block& block, const boost::json::object& item);
  static void put_reasoning(reply_builder::block& block,
                            const boost::json::object& item);

  bool has_refusal_ = false;
  bool has_tools_ = false;
};

/// The error of a response or of an event; null: none.
[[nodiscard]] const boost::json::object*
response_error(const boost::json::object& from);

} // namespace troupe::providers
