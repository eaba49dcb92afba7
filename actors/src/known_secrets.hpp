#pragma once

#include <troupe/protocol/describe.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

namespace troupe::actors {

/// Replaces secrets that it was told, and nothing else, by `[redacted]`: what
/// is left of a text says what it said. Thread safety: any thread may read.
class known_secrets {
public:
  /// Each is also known by how it stands in a JSON text. Empty ones are passed
  /// over.
  explicit known_secrets(const std::vector<std::string>& secrets = {});

  [[nodiscard]] bool is_empty() const noexcept { return secrets_.empty(); }
  [[nodiscard]] bool occur_in(const std::string& text) const;

  /// All texts of a described value.
  template <class T>
  void hide_in(T& value) const {
    if constexpr (std::is_same_v<T, std::string>)
      hide(value);
    else if constexpr (protocol::described<T>)
      protocol::for_each_member(value,
                                [&](auto, auto& member) { hide_in(member); });
    else
      hide_in_each(value);
  }

private:
  void hide(std::string& text) const;

  template <class T>
  void hide_in_each(std::vector<T>& values) const {
    for (auto& each : values)
      hide_in(each);
  }
  template <class T>
  void hide_in_each(std::optional<T>& value) const {
    if (value)
      hide_in(*value);
  }
  template <class... Ts>
  void hide_in_each(std::variant<Ts...>& value) const {
    std::visit([&](auto& it) { hide_in(it); }, value);
  }
  template <class T>
  void hide_in_each(T&) const {} ///< Numbers, times and names.

  std::vector<std::string> secrets_; ///< The longest first.
};

} // namespace troupe::actors
