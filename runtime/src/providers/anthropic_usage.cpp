#include "providers/anthropic_messages.hpp"
#include "providers/json_access.hpp"

#include <boost/json/array.hpp>

#include <algorithm>

namespace troupe::providers {

namespace json = boost::json;

void anthropic_usage::figures::merge(const json::object& reported) {
  input = count_in(reported, "input_tokens").value_or(input);
  output = count_in(reported, "output_tokens").value_or(output);
  cache_read =
      count_in(reported, "cache_read_input_tokens").value_or(cache_read);
  cache_write =
      count_in(reported, "cache_creation_input_tokens").value_or(cache_write);
  if (const auto* split = object_in(reported, "cache_creation")) {
    cache_write_1h =
        count_in(*split, "ephemeral_1h_input_tokens").value_or(cache_write_1h);
    const auto short_lived =
        count_in(*split, "ephemeral_5m_input_tokens").value_or(0);
    cache_write = std::max(cache_write, short_lived + cache_write_1h);
  }
}

void anthropic_usage::merge(const json::object& reported) {
  own_.merge(reported);
  has_input_ = has_input_ || count_in(reported, "input_tokens");
  has_output_ = has_output_ || count_in(reported, "output_tokens");
  if (const auto* details = object_in(reported, "output_tokens_details"))
    reasoning_ = count_in(*details, "thinking_tokens").value_or(reasoning_);
  const auto* steps = array_in(reported, "iterations");
  if (!steps)
    return;
  // The figures above count steps of type "message" only; others are billed
  // beside them.
  beside_ = {};
  for (const auto& step : *steps) {
    const auto* object = step.if_object();
    if (!object || text_in(*object, "type") == "message")
      continue;
    figures one;
    one.merge(*object);
    beside_.input += one.input;
    beside_.output += one.output;
    beside_.cache_read += one.cache_read;
    beside_.cache_write += one.cache_write;
    beside_.cache_write_1h += one.cache_write_1h;
  }
}

protocol::usage anthropic_usage::total(bool has_output) const {
  protocol::usage used;
  used.input = own_.input + beside_.input;
  used.output = own_.output + beside_.output;
  used.cache_read = own_.cache_read + beside_.cache_read;
  used.cache_write_1h = own_.cache_write_1h + beside_.cache_write_1h;
  used.cache_write =
      own_.cache_write + beside_.cache_write - used.cache_write_1h;
  used.reasoning = std::min(used.output, reasoning_);
  if (has_output ? used.prompt() == 0 || used.output == 0
                 : !has_input_ || !has_output_)
    used.source = protocol::usage_source::estimated;
  return used;
}

} // namespace troupe::providers
