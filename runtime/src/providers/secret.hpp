#pragma once

#include <iosfwd>
#include <string>
#include <string_view>

namespace troupe::providers {

/// A key that nothing prints: only `reveal` shows it, and its memory is wiped.
class secret {
public:
  secret() = default;
  explicit secret(std::string value) : value_(std::move(value)) {}
  secret(const secret&) = default;
  secret& operator=(const secret& other);
  secret(secret&& other) noexcept;
  secret& operator=(secret&& other) noexcept;
  ~secret() { wipe(); }

  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  /// `text` with every piece of the key of eight characters or more (or the
  /// whole, when it is shorter) replaced by `[redacted]`.
  [[nodiscard]] std::string redacted(std::string_view text) const;

  friend std::ostream& operator<<(std::ostream&, const secret&) = delete;

private:
  void wipe() noexcept;

  std::string value_;
};

} // namespace troupe::providers
