#include "secret_shapes.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace troupe::actors {

namespace {

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_word(char c) noexcept {
  return is_letter(c) || is_digit(c) || c == '_' || c == '-';
}

bool is_token(char c) noexcept {
  return is_word(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// A key by its first letters, and the fewest that must follow.
struct key_shape {
  std::string_view start;
  std::size_t least;
};

constexpr std::array<key_shape, 16> key_shapes{{
    {"sk-", 8},
    {"xai-", 8},
    {"ghp_", 8},
    {"gho_", 8},
    {"ghu_", 8},
    {"ghs_", 8},
    {"ghr_", 8},
    {"github_pat_", 8},
    {"glpat-", 8},
    {"xoxb-", 8},
    {"xoxp-", 8},
    {"xoxa-", 8},
    {"xoxs-", 8},
    {"AKIA", 12},
    {"ASIA", 12},
    {"AIza", 20},
}};

/// What these names hold may have blanks in it.
bool is_line_name(std::string_view plain) {
  return plain.ends_with("authorization") || plain.ends_with("cookie")
         || plain.ends_with("passphrase");
}

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const auto c : name)
    if (is_letter(c) || is_digit(c))
      plain += lower(c);
  return plain;
}

bool is_secret(std::string_view plain) {
  constexpr std::array<std::string_view, 9> anywhere{
      "password",  "passwd",        "passphrase", "secret",    "apikey",
      "accesskey", "authorization", "credential", "privatekey"};
  constexpr std::array<std::string_view, 2> at_end{"token", "cookie"};
  return std::any_of(anywhere.begin(), anywhere.end(),
                     [&](auto word) {
                       return plain.find(word) != std::string_view::npos;
                     })
         || std::any_of(at_end.begin(), at_end.end(),
                        [&](auto word) { return plain.ends_with(word); });
}

/// One walk over a text. What was found is passed over, and runs of characters
/// are measured once, so that no text takes more than its length.
class shape_search {
public:
  explicit shape_search(std::string_view text) : text_(text) {}

  std::vector<text_span> run() {
    for (std::size_t i = 0; i < text_.size();) {
      const auto end = take(i);
      i = std::max(i + 1, end);
    }
    return std::move(found_);
  }

private:
  /// The end of what was found; 0: nothing.
  std::size_t take(std::size_t at) {
    if (starts_at(at, "-----BEGIN "))
      return take_pem(at);
    if (starts_at(at, "://"))
      return take_user(at + 3);
    if (!is_word(text_[at]) || !is_begin(at))
      return 0;
    if (const auto end = take_key(at))
      return end;
    if (const auto end = take_bearer(at))
      return end;
    if (at == 0 || !is_word(text_[at - 1]) || is_after_escape(at))
      return take_field(at);
    return 0;
  }

  std::size_t keep(std::size_t begin, std::size_t end) {
    if (end <= begin)
      return 0;
    found_.push_back({begin, end});
    return end;
  }

  bool starts_at(std::size_t at, std::string_view what) const noexcept {
    return text_[at] == what[0] && text_.substr(at, what.size()) == what;
  }

  /// True when what stands before is `\n` or the like: the text is JSON text.
  bool is_after_escape(std::size_t at) const noexcept {
    constexpr std::string_view escapes = "nrtbf";
    if (at >= 2 && text_[at - 2] == '\\'
        && escapes.find(text_[at - 1]) != std::string_view::npos)
      return true;
    return at >= 6 && text_[at - 6] == '\\' && text_[at - 5] == 'u';
  }

  bool is_begin(std::size_t at) const noexcept {
    if (at == 0)
      return true;
    const auto before = text_[at - 1];
    return !(is_letter(before) || is_digit(before)) || is_after_escape(at);
  }

  template <class Test>
  std::size_t skip(std::size_t at, Test test) const {
    while (at < text_.size() && test(text_[at]))
      ++at;
    return at;
  }
  std::size_t word_end(std::size_t at) {
    if (at >= word_end_)
      word_end_ = skip(at, is_word);
    return word_end_;
  }
  std::size_t token_end(std::size_t at) {
    if (at >= token_end_)
      token_end_ = skip(at, is_token);
    return token_end_;
  }

  std::size_t take_key(std::size_t at) {
    for (const auto& shape : key_shapes)
      if (starts_at(at, shape.start)
          && word_end(at) - at >= shape.start.size() + shape.least)
        return keep(at, word_end(at));
    if (!starts_at(at, "eyJ"))
      return 0;
    const auto end = token_end(at);
    return end - at >= 16 && word_end(at) < end && text_[word_end(at)] == '.'
               ? keep(at, end)
               : 0;
  }

  std::size_t take_bearer(std::size_t at) {
    constexpr std::string_view word = "bearer";
    for (std::size_t i = 0; i < word.size(); ++i)
      if (at + i >= text_.size() || lower(text_[at + i]) != word[i])
        return 0;
    const auto after = at + word.size();
    const auto begin = skip(after, is_blank);
    if (begin == after || begin == text_.size() || !is_token(text_[begin]))
      return 0;
    const auto end = token_end(begin);
    return end - begin >= 6 ? keep(begin, end) : 0;
  }

  std::size_t take_pem(std::size_t at) {
    constexpr std::string_view dashes = "-----";
    constexpr std::string_view last = "-----END ";
    if (text_.substr(at, 64).find("PRIVATE KEY") == std::string_view::npos)
      return 0;
    auto end = text_.find(last, at);
    if (end != std::string_view::npos)
      end = text_.find(dashes, end + last.size());
    return keep(at, end == std::string_view::npos ? text_.size()
                                                  : end + dashes.size());
  }

  /// The password in an address: `https://user:password@host`.
  std::size_t take_user(std::size_t at) {
    constexpr std::size_t size_max = 512;
    constexpr std::string_view ends = " \t\r\n\"\\/?#<>";
    const auto part = text_.substr(at, size_max);
    const auto host = part.find('@');
    const auto colon = part.find(':');
    return host == std::string_view::npos || colon > host
                   || part.find_first_of(ends) < host
               ? 0
               : keep(at + colon + 1, at + host);
  }

  /// A name, then `:` or `=`, then its value.
  std::size_t take_field(std::size_t at) {
    auto end = word_end(at);
    const auto name = text_.substr(at, end - at);
    end = skip(end, [](char c) {
      return c == '\\' || c == '"' || c == '\'' || is_blank(c);
    });
    if (end >= text_.size() || (text_[end] != ':' && text_[end] != '='))
      return 0;
    const auto plain = plain_name(name);
    if (!is_secret(plain))
      return 0;
    end = skip(end, [](char c) {
      return c == ':' || c == '=' || c == '>' || is_blank(c);
    });
    const auto quote = skip(end, [](char c) { return c == '\\'; });
    if (quote < text_.size() && (text_[quote] == '"' || text_[quote] == '\''))
      return take_quoted(quote + 1, text_[quote], quote - end);
    if (end < text_.size() && (text_[end] == '{' || text_[end] == '['))
      return take_brackets(end);
    return take_unquoted(end, is_line_name(plain));
  }

  /// Up to the quote that has as few backslashes before it as the first had.
  std::size_t take_quoted(std::size_t begin, char quote,
                          std::size_t backslashes) {
    std::size_t run = 0;
    auto at = begin;
    for (; at < text_.size(); ++at) {
      if (text_[at] == quote && run <= backslashes)
        break;
      run = text_[at] == '\\' ? run + 1 : 0;
    }
    if (at < text_.size())
      at -= std::min(run, at - begin);
    return keep(begin, at);
  }

  std::size_t take_brackets(std::size_t begin) {
    std::size_t open = 0;
    auto at = begin;
    do {
      if (text_[at] == '{' || text_[at] == '[')
        ++open;
      else if (text_[at] == '}' || text_[at] == ']')
        --open;
      ++at;
    } while (open > 0 && at < text_.size());
    return keep(begin, at);
  }

  std::size_t take_unquoted(std::size_t begin, bool whole_line) {
    return keep(begin, skip(begin, [&](char c) {
                  constexpr std::string_view ends = "\r\n\"\\";
                  constexpr std::string_view word_ends = " \t,;&'<>)}]";
                  return ends.find(c) == std::string_view::npos
                         && (whole_line
                             || word_ends.find(c) == std::string_view::npos);
                }));
  }

  std::string_view text_;
  std::size_t word_end_ = 0;  ///< Of the run that was measured last.
  std::size_t token_end_ = 0; ///< Likewise.
  std::vector<text_span> found_;
};

} // namespace

std::vector<text_span> find_secret_shapes(std::string_view text) {
  return shape_search{text}.run();
}

bool is_secret_name(std::string_view name) {
  return is_secret(plain_name(name));
}

} // namespace troupe::actors
