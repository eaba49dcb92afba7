#include "binary_source.hpp"

#include <troupe/protocol/unicode_text.hpp>

#include <caf/sec.hpp>

#include <cstring>
#include <limits>
#include <type_traits>

namespace troupe::actors {

using protocol::errc;

namespace {

std::string counted(std::size_t count, const char* what) {
  return std::to_string(count) + ' ' + what;
}

} // namespace

binary_source::binary_source(std::span<const std::byte> bytes,
                             std::size_t items_max)
    : bytes_(bytes), end_(bytes.size()), items_left_(items_max) {}

caf::error binary_source::refuse_at(std::size_t offset, std::string why,
                                    errc code) {
  begin_ = offset;
  why_ = std::move(why);
  code_ = code;
  return caf::sec::invalid_argument;
}

protocol::error binary_source::refusal() const {
  return protocol::fail(
      code_, "byte " + std::to_string(begin_) + ": "
                 + (why_.empty() ? "a value that is not known" : why_));
}

caf::error binary_source::enter_part() {
  std::uint32_t size = 0;
  if (auto err = take_integer(size))
    return err;
  if (size > left())
    return refuse_at(begin_, "a part of " + counted(size, "bytes, found ")
                                 + std::to_string(left()));
  end_ = at_ + size;
  return caf::none;
}

caf::error binary_source::leave_part() {
  if (left() != 0 && !is_later_minor_)
    return refuse_at(at_, counted(left(), "bytes too many in this part"));
  at_ = end_;
  end_ = bytes_.size();
  return caf::none;
}

caf::error binary_source::take(std::size_t size,
                               std::span<const std::byte>& taken) {
  begin_ = at_;
  if (size > left())
    return refuse_at(at_, "expected " + counted(size, "bytes, found ")
                              + std::to_string(left()));
  taken = bytes_.subspan(at_, size);
  at_ += size;
  return caf::none;
}

template <class T>
caf::error binary_source::take_integer(T& x) {
  std::span<const std::byte> taken;
  if (auto err = take(sizeof(T), taken))
    return err;
  std::uint64_t bits = 0;
  for (const auto each : taken)
    bits = bits << 8U | std::to_integer<std::uint64_t>(each);
  x = static_cast<T>(bits);
  return caf::none;
}

/// Seven bits a byte, the lowest first; the eighth says that more follow.
caf::error binary_source::take_size(std::size_t& size) {
  const auto begin = at_;
  std::uint8_t bits = 0;
  size = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (auto err = take_integer(bits))
      return err;
    size |= static_cast<std::size_t>(bits & 0x7FU) << shift;
    if ((bits & 0x80U) == 0) {
      begin_ = begin;
      return caf::none;
    }
  }
  return refuse_at(begin, "a size of more than five bytes");
}

caf::error binary_source::begin_sequence(std::size_t& size) {
  if (auto err = take_size(size))
    return err;
  if (size > left()) // an item takes a byte at least
    return refuse_at(begin_, "a list of " + counted(size, "items in ")
                                 + counted(left(), "bytes"));
  if (size > items_left_)
    return refuse_at(begin_, "too many items in lists", errc::limit_exceeded);
  items_left_ -= size;
  return caf::none;
}

caf::error binary_source::end_sequence() {
  return caf::none;
}

caf::error binary_source::apply_impl(std::string& x) {
  std::size_t size = 0;
  if (auto err = take_size(size))
    return err;
  if (size > left())
    return refuse_at(begin_, "a text of " + counted(size, "bytes, found ")
                                 + std::to_string(left()));
  std::span<const std::byte> taken;
  if (auto err = take(size, taken))
    return err;
  const std::string_view text{reinterpret_cast<const char*>(taken.data()),
                              taken.size()};
  if (const auto bad = protocol::first_not_utf8(text); bad != text.size())
    return refuse_at(begin_ + bad, "text that is not UTF-8");
  x.assign(text);
  return caf::none;
}

caf::error binary_source::apply_raw(std::size_t size, void* data) {
  std::span<const std::byte> taken;
  if (auto err = take(size, taken))
    return err;
  if (size > 0)
    std::memcpy(data, taken.data(), size);
  return caf::none;
}

#define TROUPE_INTEGER(type)                                                   \
  caf::error binary_source::apply_impl(type& x) {                              \
    return take_integer(x);                                                    \
  }
TROUPE_INTEGER(std::int8_t)
TROUPE_INTEGER(std::uint8_t)
TROUPE_INTEGER(std::int16_t)
TROUPE_INTEGER(std::uint16_t)
TROUPE_INTEGER(std::int32_t)
TROUPE_INTEGER(std::uint32_t)
TROUPE_INTEGER(std::int64_t)
TROUPE_INTEGER(std::uint64_t)
#undef TROUPE_INTEGER

caf::error binary_source::refuse_type() {
  return refuse_at(at_, "a type that no message has");
}

#define TROUPE_REFUSED(type)                                                   \
  caf::error binary_source::apply_impl(type&) {                                \
    return refuse_type();                                                      \
  }
TROUPE_REFUSED(float)
TROUPE_REFUSED(double)
TROUPE_REFUSED(long double)
TROUPE_REFUSED(std::u16string)
TROUPE_REFUSED(std::u32string)
#undef TROUPE_REFUSED

caf::error binary_source::begin_object(std::uint16_t&, std::string&) {
  return refuse_type();
}

caf::error binary_source::end_object() {
  return refuse_type();
}

} // namespace troupe::actors
