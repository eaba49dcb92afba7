#pragma once

#include "troupe/actors/caf_types.hpp"

#include <troupe/protocol/describe.hpp>

#include <caf/deserializer.hpp>

#include <cstddef>
#include <span>
#include <string>

namespace troupe::actors {

/// Reads CAF's bytes, but knows their bounds: a size that they claim is
/// compared with what is left, items of lists are counted, texts are UTF-8, and
/// what is refused is told with its place. Types that no message has are
/// refused.
class binary_source final : public caf::deserializer {
public:
  /// `items_max`: of all lists together.
  binary_source(std::span<const std::byte> bytes, std::size_t items_max);

  /// Offset of what is read next.
  [[nodiscard]] std::size_t position() const noexcept { return at_; }
  /// Bytes to the end of the part, or of the whole outside of parts.
  [[nodiscard]] std::size_t left() const noexcept { return end_ - at_; }

  /// Narrows the source to what follows, which is led by its size in bytes.
  caf::error enter_part();
  /// Goes behind that part. What is left of it is skipped when the message is
  /// of a later minor version, and else refused.
  caf::error leave_part();

  /// Whether parts may end with what this version does not know.
  void set_later_minor(bool is_later) noexcept { is_later_minor_ = is_later; }
  [[nodiscard]] bool is_later_minor() const noexcept { return is_later_minor_; }

  /// Refuses what stands at `offset`; to be returned.
  caf::error refuse_at(std::size_t offset, std::string why,
                       protocol::errc code = protocol::errc::malformed_message);

  /// After a failure: what was refused, led by its place.
  [[nodiscard]] protocol::error refusal() const;

  caf::error begin_object(std::uint16_t& type, std::string& name) override;
  caf::error end_object() override;
  caf::error begin_sequence(std::size_t& size) override;
  caf::error end_sequence() override;
  caf::error apply_raw(std::size_t size, void* data) override;

protected:
  caf::error apply_impl(std::int8_t& x) override;
  caf::error apply_impl(std::uint8_t& x) override;
  caf::error apply_impl(std::int16_t& x) override;
  caf::error apply_impl(std::uint16_t& x) override;
  caf::error apply_impl(std::int32_t& x) override;
  caf::error apply_impl(std::uint32_t& x) override;
  caf::error apply_impl(std::int64_t& x) override;
  caf::error apply_impl(std::uint64_t& x) override;
  caf::error apply_impl(float& x) override;
  caf::error apply_impl(double& x) override;
  caf::error apply_impl(long double& x) override;
  caf::error apply_impl(std::string& x) override;
  caf::error apply_impl(std::u16string& x) override;
  caf::error apply_impl(std::u32string& x) override;

private:
  caf::error take(std::size_t size, std::span<const std::byte>& taken);
  template <class T>
  caf::error take_integer(T& x);
  caf::error take_size(std::size_t& size);
  caf::error refuse_type();

  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
  std::size_t begin_ = 0; // of the value that was read last
  std::size_t end_;
  std::size_t items_left_;
  bool is_later_minor_ = false;
  std::string why_;
  protocol::errc code_ = protocol::errc::malformed_message;
};

/// Reads a struct that has a part of its own, which a later minor version may
/// have made longer. Compiled with CAF's other templates, once for each body.
template <protocol::described T>
caf::error load_part(binary_source& source, T& x);

} // namespace troupe::actors
