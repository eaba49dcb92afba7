#pragma once

#include <troupe/protocol/catalogue.hpp>
#include <troupe/protocol/model.hpp>

#include <string>
#include <utility>

namespace troupe::test {

/// A reply of one text, with usage as a provider reports it.
inline protocol::model_reply
reply_of(std::string text, std::uint64_t input = 10, std::uint64_t output = 5) {
  protocol::model_reply reply;
  reply.content = {protocol::text_part{std::move(text)}};
  reply.used.input = input;
  reply.used.output = output;
  return reply;
}

/// A model with one price band: dollars per million tokens in and out.
inline protocol::model_spec model_of(std::string id, protocol::tier level,
                                     std::int64_t usd_in,
                                     std::int64_t usd_out) {
  protocol::model_spec model;
  model.id = std::move(id);
  model.provider = model.id.substr(0, model.id.find('/'));
  model.wire_name = "wire-" + model.id;
  model.level = level;
  model.context_tokens = 100'000;
  model.output_tokens = 8'000;
  protocol::price_band band;
  band.input.nano_usd = usd_in * 1'000'000'000;
  band.output.nano_usd = usd_out * 1'000'000'000;
  band.cache_read.nano_usd = usd_in * 100'000'000;
  band.cache_write.nano_usd = usd_in * 1'250'000'000;
  band.cache_write_1h.nano_usd = usd_in * 2'000'000'000;
  model.prices = {band};
  return model;
}

} // namespace troupe::test
