#include "prompt_features.hpp"

#include "text_digest_words.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::actors {

namespace {

constexpr std::size_t end_bytes = 16U << 10U;
constexpr std::uint64_t fnv_start = 0xCBF29CE484222325ULL;
constexpr std::uint64_t fnv_prime = 0x100000001B3ULL;

bool is_word_byte(char c) {
  return is_letter(c) || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool is_sign(char c) {
  return c > ' ' && c < '\x7F' && !is_letter(c) && !is_digit(c);
}

/// The tokens of a text, as buckets, and how many there are of each sort.
class token_collector {
public:
  void read(std::string_view text) {
    for (const char c : text) {
      if (is_word_byte(c))
        grow(lower(c), kind::word);
      else if (is_digit(c))
        grow('0', kind::number);
      else
        end_token();
      if (is_sign(c)) {
        ++signs;
        grow(c, kind::sign);
        end_token();
      }
    }
    end_token();
  }

  std::vector<std::uint16_t> tokens;
  std::size_t words = 0;
  std::size_t digits = 0;
  std::size_t signs = 0;

private:
  enum class kind : std::uint8_t { none, word, number, sign };

  void grow(char c, kind what) {
    if (now_ != what)
      end_token();
    if (what == kind::number)
      ++digits;
    now_ = what;
    hash_ = (hash_ ^ static_cast<unsigned char>(c)) * fnv_prime;
  }

  void end_token() {
    if (now_ == kind::none)
      return;
    words += now_ == kind::sign ? 0 : 1;
    tokens.push_back(static_cast<std::uint16_t>((hash_ ^ (hash_ >> 29U))
                                                % prompt_features::buckets));
    now_ = kind::none;
    hash_ = fnv_start;
  }

  kind now_ = kind::none;
  std::uint64_t hash_ = fnv_start;
};

double log_of(std::size_t count) {
  return std::log1p(static_cast<double>(count));
}

} // namespace

prompt_features features_of(std::string_view text, std::size_t type) {
  token_collector found;
  if (text.size() <= 2 * end_bytes) {
    found.read(text);
  } else {
    found.read(text.substr(0, end_bytes));
    found.read(text.substr(text.size() - end_bytes));
  }
  prompt_features out;
  out.type = type;
  out.sizes = {log_of(found.words), log_of(found.digits), log_of(found.signs),
               log_of(text.size())};
  auto& all = found.tokens;
  std::sort(all.begin(), all.end());
  for (auto it = all.begin();
       it != all.end() && out.words.size() < prompt_features::words_max;) {
    const auto end = std::upper_bound(it, all.end(), *it);
    out.words.push_back({*it, 1 + std::log(static_cast<float>(end - it))});
    it = end;
  }
  return out;
}

} // namespace troupe::actors
