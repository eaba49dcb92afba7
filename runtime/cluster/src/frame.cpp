#include "frame.hpp"

namespace troupe::cluster {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t size_bytes = 4;
constexpr std::size_t number_bytes = 8;

void write_low_first(std::string& to, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i)
    to += static_cast<char>((value >> (8U * i)) & 0xFFU);
}

std::uint64_t read_low_first(std::string_view bytes, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8U * i);
  return value;
}

bool is_kind(std::uint8_t value) {
  return value >= static_cast<std::uint8_t>(frame_kind::hello)
         && value <= static_cast<std::uint8_t>(frame_kind::answer);
}

} // namespace

void write_number(std::string& to, std::uint64_t value) {
  write_low_first(to, value, number_bytes);
}

std::uint64_t read_number(std::string_view bytes) noexcept {
  return read_low_first(bytes, number_bytes);
}

void write_frame(std::string& to, const frame& what) {
  const auto numbers = is_numbered(what.kind) ? frame_number_bytes : 0;
  write_low_first(to, what.body.size() + numbers, size_bytes);
  to += static_cast<char>(what.kind);
  if (numbers != 0) {
    write_number(to, what.number);
    write_number(to, what.acked);
  }
  to += what.body;
}

result<std::optional<frame>> read_frame(std::string_view& bytes,
                                        std::size_t body_max) {
  if (bytes.size() < frame_head_bytes)
    return std::optional<frame>{};
  const auto size = read_low_first(bytes, size_bytes);
  const auto kind = static_cast<std::uint8_t>(bytes[size_bytes]);
  if (!is_kind(kind))
    return fail(errc::malformed_message,
                "a frame of an unknown kind, " + std::to_string(kind));
  frame it;
  it.kind = static_cast<frame_kind>(kind);
  const auto numbers = is_numbered(it.kind) ? frame_number_bytes : 0;
  if (size > body_max + numbers)
    return fail(errc::limit_exceeded,
                "a frame of " + std::to_string(size) + " bytes, where "
                    + std::to_string(body_max) + " are allowed");
  if (size < numbers)
    return fail(errc::malformed_message, "a frame without its number");
  if (bytes.size() < frame_head_bytes + size)
    return std::optional<frame>{};
  auto body = bytes.substr(frame_head_bytes, size);
  if (numbers != 0) {
    it.number = read_number(body);
    it.acked = read_number(body.substr(number_bytes));
    body.remove_prefix(numbers);
  }
  it.body = body;
  bytes.remove_prefix(frame_head_bytes + size);
  return std::optional{it};
}

} // namespace troupe::cluster
