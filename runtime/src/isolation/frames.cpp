#include "isolation/frames.hpp"

#include "json/read_json_as.hpp"

#include <boost/json/serialize.hpp>

namespace troupe::isolation {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr std::size_t length_bytes = 4;
constexpr protocol::json_limits limits{frame_bytes_max, 64, 1'000'000};

template <class Frame>
std::string frame_with(const Frame& what) {
  const auto body = boost::json::serialize(protocol::to_json(what));
  std::string frame;
  frame.reserve(length_bytes + body.size());
  for (std::size_t i = 0; i < length_bytes; ++i)
    frame += static_cast<char>((body.size() >> (8U * i)) & 0xFFU);
  frame += body;
  return frame;
}

} // namespace

told tell(result<std::string> what) {
  if (!what)
    return {false, {}, what.error()};
  return {true, std::move(*what), {}};
}

result<std::string> heard(told what) {
  if (!what.is_done)
    return std::move(what.why);
  return std::move(what.text);
}

std::string frame_of(const to_agent& what) {
  return frame_with(what);
}

std::string frame_of(const from_agent& what) {
  return frame_with(what);
}

result<std::optional<std::string>> frame_reader::next() {
  const std::string_view left = std::string_view{bytes_}.substr(at_);
  std::size_t size = 0;
  if (left.size() >= length_bytes)
    for (std::size_t i = 0; i < length_bytes; ++i)
      size |= std::size_t{static_cast<unsigned char>(left[i])} << (8U * i);
  if (size > frame_bytes_max)
    return fail(errc::limit_exceeded, "a frame of more than 64 MiB");
  if (left.size() < length_bytes || left.size() - length_bytes < size) {
    bytes_.erase(0, std::exchange(at_, 0));
    return std::optional<std::string>{};
  }
  at_ += length_bytes + size;
  return std::optional{std::string{left.substr(length_bytes, size)}};
}

result<to_agent> read_to_agent(const std::string& text) {
  return read_json_as<to_agent>(text, limits);
}

result<from_agent> read_from_agent(const std::string& text) {
  return read_json_as<from_agent>(text, limits);
}

} // namespace troupe::isolation
