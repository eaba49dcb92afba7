#include "inbound.hpp"

#include "hello.hpp"

#include <troupe/actors/binary_message.hpp>

#include <span>

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t left_bytes = 8;

result<inbound> read_one(const frame& from, const inbound_limits& limits) {
  inbound it{from.kind, from.number, from.acked, 0, std::string{}};
  switch (from.kind) {
  case frame_kind::message: {
    if (from.body.size() < left_bytes)
      return fail(errc::malformed_message, "a message without its deadline");
    it.left_us = read_number(from.body);
    const auto rest = from.body.substr(left_bytes);
    auto message =
        actors::read_binary(std::as_bytes(std::span{rest.data(), rest.size()}),
                            {limits.message_bytes, limits.items});
    if (!message)
      return message.error();
    it.body = std::move(*message);
    return it;
  }
  case frame_kind::ack:
  case frame_kind::ping:
  case frame_kind::pong:
    if (from.body.size() != sizeof(std::uint64_t))
      return fail(errc::malformed_message,
                  "a frame of another size than eight");
    it.number = read_number(from.body);
    return it;
  case frame_kind::hello:
    return fail(errc::malformed_message, "it introduces itself twice");
  default:
    it.body = std::string{from.body};
    return it;
  }
}

} // namespace

result<inbound_batch> read_inbound(std::string_view& bytes,
                                   const inbound_limits& limits) {
  inbound_batch batch;
  const auto before = bytes.size();
  for (;;) {
    const auto next = read_frame(bytes, limits.message_bytes + left_bytes);
    if (!next)
      return next.error();
    if (!*next)
      break;
    auto one = read_one(**next, limits);
    if (!one)
      return one.error();
    batch.frames.push_back(std::move(*one));
  }
  batch.bytes = before - bytes.size();
  return batch;
}

result<std::string> message_body(const protocol::any_message& message,
                                 std::uint64_t left_us,
                                 const inbound_limits& limits) {
  const auto bytes =
      actors::write_binary(message, {limits.message_bytes, limits.items});
  if (!bytes)
    return bytes.error();
  std::string body;
  body.reserve(left_bytes + bytes->size());
  write_number(body, left_us);
  body.append(reinterpret_cast<const char*>(bytes->data()), bytes->size());
  return body;
}

} // namespace troupe::cluster
