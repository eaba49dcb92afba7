#pragma once

#include <cstdint>
#include <span>
#include <string_view>

/// Where the tools of a program may not be led to.
namespace troupe::tools {

/// What an address is for, by the registries of IANA for IPv4 and IPv6.
enum class address_kind : std::uint8_t {
  internet,   ///< Of the internet.
  loopback,   ///< This machine.
  own,        ///< A private network, unique-local, or behind a carrier's NAT.
  link_local, ///< This wire.
  metadata,   ///< Where clouds tell a machine its keys.
  other,      ///< Unspecified, multicast, reserved, for documentation.
};

/// The kind of an address of 4 or 16 bytes; of other sizes: `other`. One of
/// IPv6 that stands for one of IPv4 (mapped, NAT64, 6to4, Teredo) is of that
/// one's.
[[nodiscard]] address_kind kind_of(std::span<const std::uint8_t> address);

/// `private`, as in "which is private".
[[nodiscard]] std::string_view name_of(address_kind kind) noexcept;

/// Whether a tool may connect to it. Nothing allows link-local, metadata and
/// other addresses.
[[nodiscard]] bool may_call(address_kind kind, bool allow_private) noexcept;

/// True for names that are known to lead into this machine, its network or a
/// cloud's metadata, whatever they resolve to. Without regard to case and a
/// point at the end.
[[nodiscard]] bool is_inside_name(std::string_view host);

} // namespace troupe::tools
