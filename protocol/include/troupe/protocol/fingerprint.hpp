#pragma once

#include "troupe/protocol/describe.hpp"
#include "troupe/protocol/id.hpp"
#include "troupe/protocol/money.hpp"
#include "troupe/protocol/time.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::protocol {

/// Mixes values into 128 bits. Two lanes of multiply and xor-shift, the mixing
/// of MurmurHash3 (Appleby, public domain). Good against chance; no defence
/// against somebody who looks for a collision.
class fingerprint_builder {
public:
  void add(std::uint64_t word) noexcept;
  void add(std::string_view text) noexcept;

  template <class T>
  void add_value(const T& x) {
    if constexpr (std::is_enum_v<T> || std::integral<T>)
      add(static_cast<std::uint64_t>(x));
    else if constexpr (std::same_as<T, instant>)
      add(static_cast<std::uint64_t>(x.time_since_epoch().count()));
    else if constexpr (std::same_as<T, duration>)
      add(static_cast<std::uint64_t>(x.count()));
    else if constexpr (std::same_as<T, money>)
      add(static_cast<std::uint64_t>(x.nano_usd));
    else if constexpr (std::same_as<T, std::string>)
      add(std::string_view{x});
    else if constexpr (std::same_as<T, id>)
      add(x.high), add(x.low);
    else if constexpr (described<T>)
      boost::mp11::mp_for_each<members_of<T>>(
          [&](auto d) { add_value(x.*d.pointer); });
    else
      add_composite(x);
  }

  [[nodiscard]] id finish() const noexcept;

private:
  template <class T>
  void add_composite(const std::vector<T>& xs) {
    add(std::uint64_t{xs.size()});
    for (const auto& x : xs)
      add_value<T>(x);
  }

  template <class T>
  void add_composite(const std::optional<T>& x) {
    add(std::uint64_t{x.has_value()});
    if (x)
      add_value(*x);
  }

  template <class... Ts>
  void add_composite(const std::variant<Ts...>& x) {
    add(std::uint64_t{x.index()});
    std::visit([&](const auto& y) { add_value(y); }, x);
  }

  std::uint64_t high_ = 0x9E3779B97F4A7C15ULL;
  std::uint64_t low_ = 0xC2B2AE3D27D4EB4FULL;
  std::uint64_t count_ = 0;
};

/// 128 bits that are equal for equal values of a described struct and, but by
/// chance, differ for others: on every platform, in every process.
/// Blocking: never; time grows with the text. Thread safety: any thread.
template <described T>
[[nodiscard]] id fingerprint_of(const T& value) {
  fingerprint_builder builder;
  builder.add_value(value);
  return builder.finish();
}

} // namespace troupe::protocol
