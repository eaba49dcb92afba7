#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/runtime/tokens.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace troupe::tokens {

/// Bytes at the start of `text` that are well-formed UTF-8.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;

/// A compiled published pattern. Immutable; any thread.
class split_pattern {
public:
  /// Errors: `internal` when the PCRE2 library has no Unicode support.
  static protocol::result<split_pattern> compile(token_split split);

  /// The pattern as PCRE2 reads it.
  static std::string_view text_of(token_split split) noexcept;

private:
  friend class piece_reader;
  struct compiled;
  std::shared_ptr<const compiled> compiled_;
};

/// Cuts a text into pieces from left to right; together they are the text.
/// A byte that is not part of UTF-8 is a piece of its own.
/// Time: linear. The text must outlive the reader. One thread at a time.
class piece_reader {
public:
  piece_reader(const split_pattern& pattern, std::string_view text);
  ~piece_reader();
  piece_reader(const piece_reader&) = delete;
  piece_reader& operator=(const piece_reader&) = delete;

  /// The next piece, not empty; an empty view at the end.
  std::string_view next();

  /// Asks the pattern for every piece; for tests of the short cut.
  void without_short_cut() noexcept { short_cut_ = false; }

private:
  [[nodiscard]] std::size_t plain_word_end() const noexcept;
  std::size_t match_end();

  struct scratch;
  std::shared_ptr<const split_pattern::compiled> compiled_;
  std::unique_ptr<scratch> scratch_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t run_begin_ = 0; ///< The run of UTF-8 that `at_` is in.
  std::size_t run_end_ = 0;
  bool short_cut_ = true;
};

} // namespace troupe::tokens
