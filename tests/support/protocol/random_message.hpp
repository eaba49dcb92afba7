#pragma once

#include "support/protocol/random_source.hpp"
#include "troupe/protocol/json_codec.hpp"
#include "troupe/protocol/message_variant.hpp"

#include <array>

/// Random messages that repeat themselves from a seed, on every platform.
namespace troupe::protocol::test {

template <class T>
struct random_value;

template <class T>
T random(random_source& source) {
  return random_value<T>::make(source);
}

template <>
struct random_value<bool> {
  static bool make(random_source& source) { return source.coin(); }
};

template <std::integral T>
requires(!std::same_as<T, bool>) struct random_value<T> {
  static T make(random_source& source) {
    using limits = std::numeric_limits<T>;
    switch (source.below(5)) {
    case 0:
      return limits::max();
    case 1:
      return limits::min();
    case 2:
      return static_cast<T>(source.below(10));
    default:
      return static_cast<T>(source.next());
    }
  }
};

template <>
struct random_value<std::string> {
  static std::string make(random_source& source) {
    std::string text;
    for (auto pieces = source.below(4); pieces > 0; --pieces)
      text += awkward_texts.at(source.below(awkward_texts.size()));
    if (source.below(8) == 0)
      text += '\0';
    return text;
  }
};

template <described_enum E>
struct random_value<E> {
  static E make(random_source& source) {
    const auto names = enum_names<E>();
    E value{};
    enum_from_name(names.at(source.below(names.size())), value);
    return value;
  }
};

template <>
struct random_value<id> {
  static id make(random_source& source) {
    return {source.next(), source.next()};
  }
};

template <>
struct random_value<money> {
  static money make(random_source& source) {
    return {random<std::int64_t>(source)};
  }
};

template <>
struct random_value<instant> {
  static instant make(random_source& source) {
    return instant{duration{random<std::int64_t>(source)}};
  }
};

template <>
struct random_value<duration> {
  static duration make(random_source& source) {
    const auto limit = duration{std::chrono::days{3650}}.count();
    return duration{static_cast<std::int64_t>(
        source.next() % (static_cast<std::uint64_t>(limit) + 1))};
  }
};

template <class T>
struct random_value<std::vector<T>> {
  static std::vector<T> make(random_source& source) {
    std::vector<T> list(source.below(4));
    for (auto& each : list)
      each = random<T>(source);
    return list;
  }
};

template <class T>
struct random_value<std::optional<T>> {
  static std::optional<T> make(random_source& source) {
    return source.coin() ? std::optional<T>{random<T>(source)} : std::nullopt;
  }
};

template <class... Ts>
struct random_value<std::variant<Ts...>> {
  using variant = std::variant<Ts...>;
  static variant make(random_source& source) {
    using maker = variant (*)(random_source&);
    static constexpr std::array<maker, sizeof...(Ts)> makers{
        [](random_source& s) {
          return variant{random<Ts>(s)};
        }...};
    return makers.at(source.below(makers.size()))(source);
  }
};

/// Half of the structs keep some defaults: these take other paths in codecs.
template <described T>
struct random_value<T> {
  static T make(random_source& source) {
    T value{};
    const bool sparse = source.coin();
    for_each_member(value, [&](std::string_view, auto& member) {
      if (!sparse || source.coin())
        member = random<std::decay_t<decltype(member)>>(source);
    });
    if constexpr (std::is_same_v<T, header>) // another major is refused
      value.version = static_cast<std::uint16_t>(schema_version / 256 * 256
                                                 + source.below(256));
    return value;
  }
};

} // namespace troupe::protocol::test
