#include "tokens/split.hpp"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

namespace troupe::tokens {

namespace {

// \s stands for Unicode's White_Space in the published patterns; PCRE2's own
// \s takes U+180E for one. In cl100k, `$` means the very end of the text.
#define TROUPE_WS "\\p{White_Space}"
#define TROUPE_NOT_WS "\\P{White_Space}"
#define TROUPE_UPPER "[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]"
#define TROUPE_LOWER "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]"
#define TROUPE_LEAD "[^\\r\\n\\p{L}\\p{N}]?"
#define TROUPE_SHORT "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"

constexpr std::string_view o200k_text = TROUPE_LEAD TROUPE_UPPER
    "*" TROUPE_LOWER "+" TROUPE_SHORT "|" TROUPE_LEAD TROUPE_UPPER
    "+" TROUPE_LOWER "*" TROUPE_SHORT "|"
    "\\p{N}{1,3}|"
    " ?[^" TROUPE_WS "\\p{L}\\p{N}]+[\\r\\n/]*|" TROUPE_WS
    "*[\\r\\n]+|" TROUPE_WS "+(?!" TROUPE_NOT_WS ")|" TROUPE_WS "+";

constexpr std::string_view cl100k_text =
    "'(?i:[sdmt]|ll|ve|re)|"
    "[^\\r\\n\\p{L}\\p{N}]?+\\p{L}++|"
    "\\p{N}{1,3}+|"
    " ?[^" TROUPE_WS "\\p{L}\\p{N}]++[\\r\\n]*+|" TROUPE_WS "++$|" TROUPE_WS
    "*[\\r\\n]|" TROUPE_WS "+(?!" TROUPE_NOT_WS ")|" TROUPE_WS;

#undef TROUPE_WS
#undef TROUPE_NOT_WS
#undef TROUPE_UPPER
#undef TROUPE_LOWER
#undef TROUPE_LEAD
#undef TROUPE_SHORT

struct free_pcre2 {
  void operator()(pcre2_code* x) const { pcre2_code_free(x); }
  void operator()(pcre2_match_data* x) const { pcre2_match_data_free(x); }
  void operator()(pcre2_match_context* x) const { pcre2_match_context_free(x); }
};

const unsigned char* units(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

bool is_small(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
  return is_small(c) || (c >= 'A' && c <= 'Z');
}

} // namespace

struct split_pattern::compiled {
  std::unique_ptr<pcre2_code, free_pcre2> code;
  bool is_jit = false;
};

struct piece_reader::scratch {
  std::unique_ptr<pcre2_match_data, free_pcre2> data;
  std::unique_ptr<pcre2_match_context, free_pcre2> context;
};

std::string_view split_pattern::text_of(token_split split) noexcept {
  return split == token_split::o200k ? o200k_text : cl100k_text;
}

protocol::result<split_pattern> split_pattern::compile(token_split split) {
  const auto text = text_of(split);
  int code = 0;
  std::size_t offset = 0;
  auto made = std::make_shared<compiled>();
  made->code.reset(pcre2_compile(units(text), text.size(),
                                 PCRE2_UTF | PCRE2_UCP | PCRE2_ANCHORED
                                     | PCRE2_DOLLAR_ENDONLY,
                                 &code, &offset, nullptr));
  if (!made->code)
    return protocol::fail(protocol::errc::internal,
                          "PCRE2 refused the split pattern: code "
                              + std::to_string(code) + " at "
                              + std::to_string(offset));
  // Where a system forbids executable memory the interpreter does it.
  made->is_jit = pcre2_jit_compile(made->code.get(), PCRE2_JIT_COMPLETE) == 0;
  split_pattern pattern;
  pattern.compiled_ = std::move(made);
  return pattern;
}

piece_reader::piece_reader(const split_pattern& pattern, std::string_view text)
    : compiled_(pattern.compiled_), scratch_(std::make_unique<scratch>()),
      text_(text) {
  scratch_->data.reset(pcre2_match_data_create(1, nullptr));
  scratch_->context.reset(pcre2_match_context_create(nullptr));
  if (scratch_->context) // long runs need more steps than the default
    pcre2_set_match_limit(scratch_->context.get(), UINT32_MAX);
}

piece_reader::~piece_reader() = default;

std::string_view piece_reader::next() {
  if (at_ == text_.size())
    return {};
  const auto begin = at_;
  if (at_ == run_end_) {
    run_begin_ = at_;
    run_end_ = at_ + valid_utf8_prefix(text_.substr(at_));
    if (run_end_ == at_) { // not UTF-8
      run_end_ = ++at_;
      return text_.substr(begin, 1);
    }
  }
  const auto short_end = short_cut_ ? plain_word_end() : 0;
  at_ = short_end != 0 ? short_end : match_end();
  return text_.substr(begin, at_ - begin);
}

/// Where the most frequent piece ends: a space or none, a capital or none,
/// small ASCII letters, and then a character that both patterns stop at.
/// 0: something else. Saves three of four calls of the pattern on prose.
std::size_t piece_reader::plain_word_end() const noexcept {
  auto at = at_;
  at += text_[at] == ' ' ? 1U : 0U;
  if (at < run_end_ && text_[at] >= 'A' && text_[at] <= 'Z')
    ++at;
  const auto small = at;
  while (at < run_end_ && is_small(text_[at]))
    ++at;
  if (at == small || at == run_end_)
    return 0;
  const char after = text_[at];
  const bool stops = static_cast<unsigned char>(after) < 0x80 && after != '\''
                     && !is_letter(after);
  return stops ? at : 0;
}

std::size_t piece_reader::match_end() {
  const auto run = text_.substr(run_begin_, run_end_ - run_begin_);
  auto* data = scratch_->data.get();
  int found = PCRE2_ERROR_NOMEMORY;
  if (data != nullptr && compiled_->is_jit)
    found = pcre2_jit_match(compiled_->code.get(), units(run), run.size(),
                            at_ - run_begin_, 0, data, scratch_->context.get());
  if (data != nullptr && found < 0)
    found = pcre2_match(compiled_->code.get(), units(run), run.size(),
                        at_ - run_begin_, PCRE2_NO_UTF_CHECK | PCRE2_NO_JIT,
                        data, scratch_->context.get());
  if (found > 0) {
    const auto end = pcre2_get_ovector_pointer(data)[1];
    if (end > at_ - run_begin_)
      return run_begin_ + end;
  }
  // Out of memory: every character is in some class. One character then.
  auto end = at_ + 1;
  while (end < run_end_
         && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U)
    ++end;
  return end;
}

} // namespace troupe::tokens
