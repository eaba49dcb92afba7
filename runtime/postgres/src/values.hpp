#pragma once

#include <troupe/protocol/id.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Values in the binary form of PostgreSQL's protocol
/// (https://www.postgresql.org/docs/15/protocol-overview.html): numbers are
/// `bigint`, texts `bytea`.
namespace troupe::postgres {

/// A list of numbers for one parameter. Not thread-safe.
class number_array {
public:
  void add(std::int64_t it);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::string take() &&;

private:
  std::string bytes_;
  std::size_t size_ = 0;
};

/// A list of texts for one parameter. Not thread-safe.
class text_array {
public:
  void add(std::string_view it);
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_.size(); }
  [[nodiscard]] std::string take() &&;

private:
  std::string bytes_;
  std::size_t size_ = 0;
};

/// What a statement is given, in order of its parameters.
class values {
public:
  values& add(std::int64_t it);
  values& add(std::string_view it);
  values& add(std::optional<std::int64_t> it);
  values& add(number_array it);
  values& add(text_array it);

  [[nodiscard]] const std::vector<std::optional<std::string>>&
  all() const noexcept {
    return all_;
  }

private:
  std::vector<std::optional<std::string>> all_; // a statement's parameters
};

/// A `bigint` or `integer` as the server sends it; 0 for another length.
[[nodiscard]] std::int64_t number_of(std::string_view bytes) noexcept;

/// A number as the server keeps it, for comparing which is equal.
[[nodiscard]] std::int64_t signed_of(std::uint64_t it) noexcept;
/// The same for comparing which is larger: none beyond 63 bits is there.
[[nodiscard]] std::int64_t bound_of(std::uint64_t it) noexcept;

/// Numbers in one text: eight bytes each, the most telling first.
[[nodiscard]] std::string bytes_of(std::span<const std::uint64_t> numbers);
[[nodiscard]] std::string bytes_of(protocol::id it);
[[nodiscard]] std::vector<std::uint64_t> numbers_of(const std::string& bytes);

} // namespace troupe::postgres
