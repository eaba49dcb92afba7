#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace troupe::actors {

/// Replaces secrets in texts by `[redacted]`: those that it was told, and what
/// looks like one (see secret_shapes.hpp). Rather takes too much than too
/// little. Does not see secrets that are encoded (base64, percent) or that
/// arrive in pieces of less than eight bytes.
/// Blocking: never; time grows with the text. Thread safety: any thread.
class redactor {
public:
  /// Secrets are also known by how they stand in JSON texts, and in JSON texts
  /// within those. Empty ones are passed over.
  explicit redactor(const std::vector<std::string>& secrets = {});

  [[nodiscard]] std::string redacted(std::string_view text) const;

  /// Redacts all texts of a JSON value in place. A field with a secret's name
  /// is replaced whole, and so is `text` or `value` beside a `name` or `key`
  /// that is one.
  void redact(boost::json::value& json) const;

private:
  static constexpr std::size_t window = 8;

  void learn(std::string_view secret);
  [[nodiscard]] bool may_begin_piece(std::uint64_t word) const noexcept;
  void redact(boost::json::value& json, bool is_secret) const;

  std::unordered_set<std::uint64_t> pieces_; ///< Eight bytes each.
  std::vector<bool> filter_;                 ///< Most words are not pieces.
  std::vector<std::string> short_;           ///< Secrets below eight bytes.
};

} // namespace troupe::actors
