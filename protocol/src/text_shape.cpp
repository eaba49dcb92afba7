#include "text_shape.hpp"

#include "code_point.hpp"

#include <algorithm>

namespace troupe::protocol {

namespace {

using kind = code_point::kind;

// Thousandths of tokens, fitted to o200k_base.
constexpr std::uint64_t whole = 1000;
constexpr std::uint64_t two_symbols = 1030;
constexpr std::uint64_t three_symbols = 1250;
constexpr std::uint64_t four_symbols = 1500;
constexpr std::uint64_t each_further_symbol = 350;
constexpr std::uint64_t wide_symbol = 900; ///< From U+0080 on.
constexpr std::uint64_t emoji = 1700;      ///< From U+10000 on.
constexpr std::size_t same_in_one_token = 32;
constexpr std::size_t blanks_in_one_token = 96;
constexpr std::size_t newlines_in_one_token = 16;

/// Frequent characters that simplified Chinese writes otherwise.
constexpr std::u32string_view traditional_only =
    U"\u500B\u5011\u4F86\u9019\u70BA\u8AAA\u6703\u5C0D\u9084\u9EBC"
    U"\u5F8C\u7576\u8207\u5C07\u61C9\u6A94\u932F\u7121\u8A2D\u555F"
    U"\u9078\u9805\u8B8A\u8B93\u7D50";

bool is_seldom(std::uint32_t c) {
  return (c >= 0x100 && c < 0x300) || (c >= 0x400 && c < 0x410 && c != 0x401)
         || (c > 0x44F && c < 0x530 && c != 0x451);
}

bool is_capital(std::uint32_t c) {
  return c >= 'A' && c <= 'Z';
}

class scanner {
public:
  explicit scanner(std::string_view text) : text_(text) {}

  text_shape run() {
    while (at_ < text_.size())
      step(peek(at_));
    return shape_;
  }

private:
  [[nodiscard]] code_point peek(std::size_t at) const {
    return first_of(text_.substr(at));
  }
  [[nodiscard]] bool is_letter_at(std::size_t at) const {
    return at < text_.size() && peek(at).what == kind::letter;
  }

  void step(const code_point& first) {
    const bool leads = is_letter_at(at_ + first.bytes);
    switch (first.what) {
    case kind::letter:
      return word(after_digit_ ? word_lead::digit : word_lead::none);
    case kind::digit:
      return digits();
    case kind::newline:
      return white_space();
    case kind::blank:
      if (leads) {
        at_ += first.bytes;
        return word(first.value == ' ' ? word_lead::space : word_lead::symbol);
      }
      if (first.value == ' ' && at_ + 1 < text_.size()
          && peek(at_ + 1).what == kind::symbol) {
        ++at_;
        return symbols();
      }
      return white_space();
    case kind::symbol:
      if (leads) {
        at_ += first.bytes;
        return word(word_lead::symbol);
      }
      return symbols();
    }
  }

  void word(word_lead lead) {
    after_digit_ = false;
    std::array<std::uint64_t, script_count> letters{};
    std::uint64_t capitals = 0;
    std::uint64_t latin = 0;
    bool small = false;
    while (at_ < text_.size()) {
      const auto c = peek(at_);
      const bool capital = is_capital(c.value);
      if (c.what != kind::letter || (capital && small))
        break;
      at_ += c.bytes;
      shape_.seldom += is_seldom(c.value) ? 1 : 0;
      if (c.writing == script::han
          && traditional_only.find(c.value) != traditional_only.npos)
        ++shape_.traditional;
      if (c.writing != script::latin) {
        small = true;
        ++letters[static_cast<std::size_t>(c.writing)];
        continue;
      }
      ++latin;
      capitals += capital ? 1 : 0;
      small = small || !capital;
      shape_.accents += c.value >= 0x80 ? 1 : 0;
    }
    if (latin != 0)
      latin_word(lead, latin, capitals);
    std::uint64_t foreign = 0;
    for (std::size_t i = 0; i < script_count; ++i) {
      foreign += letters[i];
      shape_.letters[i] += letters[i];
    }
    if (foreign == 0)
      return skip_contraction();
    const auto main = std::max_element(letters.begin(), letters.end());
    ++shape_.pieces[static_cast<std::size_t>(main - letters.begin())];
    if (lead == word_lead::symbol && latin == 0)
      ++shape_.symbol_leads;
  }

  void latin_word(word_lead lead, std::uint64_t count, std::uint64_t capitals) {
    const auto shape = capitals == 0       ? word_case::small
                       : capitals == count ? word_case::upper
                       : capitals == 1     ? word_case::title
                                           : word_case::mixed;
    const auto length = std::min<std::uint64_t>(count, word_letters_max);
    ++shape_.words[static_cast<std::size_t>(lead)]
                  [static_cast<std::size_t>(shape)][length];
    shape_.letters_over += count - length;
    shape_.latin_letters += count;
  }

  /// `'s`, `'t`, `'re` and their like are part of the word before them.
  void skip_contraction() {
    constexpr std::array<std::string_view, 7> endings{"'s", "'t",  "'re", "'ve",
                                                      "'m", "'ll", "'d"};
    for (auto ending : endings)
      if (text_.substr(at_, ending.size()) == ending) {
        at_ += ending.size();
        return;
      }
  }

  void digits() {
    for (int i = 0; i < 3 && at_ < text_.size(); ++i, ++at_)
      if (peek(at_).what != kind::digit)
        break;
    shape_.other_milli += whole;
    after_digit_ = true;
  }

  void symbols() {
    after_digit_ = false;
    const auto first = peek(at_).value;
    std::uint64_t ascii = 0;
    std::uint64_t wide = 0;
    bool same = true;
    while (at_ < text_.size()) {
      const auto c = peek(at_);
      if (c.what != kind::symbol)
        break;
      at_ += c.bytes;
      same = same && c.value == first;
      ascii += c.value < 0x80 ? 1 : 0;
      wide += c.value < 0x80 ? 0 : c.value < 0x10000 ? wide_symbol : emoji;
    }
    shape_.other_milli += wide;
    if (ascii != 0)
      shape_.other_milli +=
          same ? whole * (1 + ascii / same_in_one_token) : symbols_milli(ascii);
    while (at_ < text_.size() && peek(at_).what == kind::newline)
      ++at_; // merged into the symbols
  }

  static std::uint64_t symbols_milli(std::uint64_t count) {
    constexpr std::array<std::uint64_t, 5> few{0, whole, two_symbols,
                                               three_symbols, four_symbols};
    return count < few.size()
               ? few[count]
               : four_symbols + (count - 4) * each_further_symbol;
  }

  /// Up to and with the last line end; or all blanks but one that leads on.
  void white_space() {
    after_digit_ = false;
    std::size_t blanks = 0;
    std::size_t newlines = 0;
    auto at = at_;
    auto last_begin = at_;
    auto newline_end = at_;
    while (at < text_.size()) {
      const auto c = peek(at);
      if (c.what != kind::newline && c.what != kind::blank)
        break;
      last_begin = at;
      at += c.bytes;
      newlines += c.what == kind::newline ? 1 : 0;
      blanks += c.what == kind::blank ? 1 : 0;
      if (c.what == kind::newline)
        newline_end = at;
    }
    if (newlines != 0) {
      at_ = newline_end;
    } else {
      at_ = at < text_.size() && last_begin > at_ ? last_begin : at;
    }
    shape_.other_milli +=
        whole
        * (1 + blanks / blanks_in_one_token + newlines / newlines_in_one_token);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  bool after_digit_ = false;
  text_shape shape_;
};

} // namespace

text_shape shape_of(std::string_view text) {
  return scanner{text}.run();
}

} // namespace troupe::protocol
