#include "values.hpp"

#include <algorithm>
#include <limits>
#include <type_traits>

namespace troupe::postgres {

namespace {

constexpr std::int32_t type_bytea = 17;
constexpr std::int32_t type_bigint = 20;

template <class T>
void put(std::string& to, T value) {
  const auto bits = static_cast<std::make_unsigned_t<T>>(value);
  for (std::size_t i = sizeof(T); i-- > 0;)
    to += static_cast<char>(bits >> (8 * i) & 0xffU);
}

/// One dimension, no nulls, the first index is 1.
std::string array_of(std::int32_t type, std::size_t size,
                     const std::string& elements) {
  std::string out;
  out.reserve(elements.size() + 20);
  put(out, std::int32_t{size == 0 ? 0 : 1});
  put(out, std::int32_t{0});
  put(out, type);
  if (size == 0)
    return out;
  put(out, static_cast<std::int32_t>(size));
  put(out, std::int32_t{1});
  return out += elements;
}

} // namespace

void number_array::add(std::int64_t it) {
  put(bytes_, std::int32_t{8});
  put(bytes_, it);
  ++size_;
}

std::string number_array::take() && {
  return array_of(type_bigint, size_, bytes_);
}

void text_array::add(std::string_view it) {
  put(bytes_, static_cast<std::int32_t>(it.size()));
  bytes_ += it;
  ++size_;
}

std::string text_array::take() && {
  return array_of(type_bytea, size_, bytes_);
}

values& values::add(std::int64_t it) {
  std::string bytes;
  put(bytes, it);
  all_.emplace_back(std::move(bytes));
  return *this;
}

values& values::add(std::string_view it) {
  all_.emplace_back(std::string{it});
  return *this;
}

values& values::add(std::optional<std::int64_t> it) {
  if (it)
    return add(*it);
  all_.emplace_back();
  return *this;
}

values& values::add(number_array it) {
  all_.emplace_back(std::move(it).take());
  return *this;
}

values& values::add(text_array it) {
  all_.emplace_back(std::move(it).take());
  return *this;
}

std::int64_t number_of(std::string_view bytes) noexcept {
  if (bytes.size() != 8 && bytes.size() != 4)
    return 0;
  std::uint64_t out = 0;
  for (const auto it : bytes)
    out = out << 8U | static_cast<unsigned char>(it);
  return bytes.size() == 8
             ? static_cast<std::int64_t>(out)
             : static_cast<std::int32_t>(static_cast<std::uint32_t>(out));
}

std::int64_t signed_of(std::uint64_t it) noexcept {
  return static_cast<std::int64_t>(it);
}

std::int64_t bound_of(std::uint64_t it) noexcept {
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min(it, most));
}

std::string bytes_of(std::span<const std::uint64_t> numbers) {
  std::string out;
  out.reserve(numbers.size() * sizeof(std::uint64_t));
  for (const auto number : numbers)
    for (std::size_t i = sizeof(std::uint64_t); i-- > 0;)
      out += static_cast<char>(number >> (8 * i) & 0xffU);
  return out;
}

std::vector<std::uint64_t> numbers_of(const std::string& bytes) {
  std::vector<std::uint64_t> out(bytes.size() / sizeof(std::uint64_t));
  for (std::size_t i = 0; i < out.size() * sizeof(std::uint64_t); ++i)
    out[i / sizeof(std::uint64_t)] = out[i / sizeof(std::uint64_t)] << 8U
                                     | static_cast<unsigned char>(bytes[i]);
  return out;
}

std::string bytes_of(protocol::id it) {
  const std::uint64_t both[] = {it.high, it.low};
  return bytes_of(both);
}

} // namespace troupe::postgres
