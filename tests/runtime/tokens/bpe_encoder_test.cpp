#include "support/catch.hpp"
#include "support/runtime/rank_files.hpp"
#include "tokens/bpe_encoder.hpp"

#include <chrono>

using namespace troupe;
using tokens::bpe_encoder;
using tokens::piece_reader;
using tokens::rank;

namespace {

using encoder_ptr = std::shared_ptr<const bpe_encoder>;

/// Null when the rank files are absent.
const encoder_ptr& encoder(token_split split) {
  static const auto make = [](token_split which) -> encoder_ptr {
    const auto text = test::rank_file_text(
        which == token_split::o200k ? "o200k_base" : "cl100k_base");
    if (!text)
      return nullptr;
    auto made = bpe_encoder::make(*text, which);
    REQUIRE(made.has_value());
    return *made;
  };
  static const encoder_ptr o200k = make(token_split::o200k);
  static const encoder_ptr cl100k = make(token_split::cl100k);
  return split == token_split::o200k ? o200k : cl100k;
}

#define NEEDS_RANK_FILES()                                                     \
  if (!encoder(token_split::o200k)) {                                          \
    WARN("skipped: no rank files");                                            \
    return;                                                                    \
  }

struct random_text {
  std::uint64_t state;

  std::uint64_t next() {
    state += 0x9E3779B97F4A7C15ULL;
    auto z = state;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }

  /// Snippets that lie at the borders of the patterns.
  std::string make() {
    static const std::vector<std::string> parts{
        "a",  "B",      "Zed",    "word",     "'s",          "'LL",  "'x",
        " ",  "  ",     "\t",     "\n",       "\r\n",        "0",    "1234",
        "!",  "/",      "--",     "é",        "\u0301",      "中文", "ー",
        "한", "\u00A0", "\u2028", "\u0085",   "\u180E",      "😀",    "\u200D",
        "ǅ",  "½",      "\xFF",   "\xE4\xB8", "\xED\xA0\x80"};
    std::string text;
    for (auto left = next() % 20; left > 0; --left)
      text += parts[next() % parts.size()];
    return text;
  }
};

struct sample {
  std::string text;
  std::vector<rank> o200k;
  std::vector<rank> cl100k;
};

const std::vector<sample> samples{
    {"", {}, {}},
    {"hello world", {24912, 2375}, {15339, 1917}},
    {"I'll DON'T we'Re",
     {67504, 153384, 581, 146756},
     {40, 3358, 45373, 17773, 584, 50527}},
    {"HTTPServer parseJSON2024",
     {17893, 6444, 8420, 8259, 1323, 19},
     {9412, 5592, 4820, 5483, 2366, 19}},
    {"12345678", {7633, 19354, 4388}, {4513, 10961, 2495}},
    {"a  b\n\n  c \n",
     {64, 220, 287, 279, 220, 274, 793},
     {64, 220, 293, 271, 220, 272, 720}},
    {"x /*!*/\r\n/y", {87, 54677, 147034, 88}, {87, 23316, 13300, 27589}},
    {"你好，世界。",
     {177519, 979, 28428, 788},
     {57668, 53901, 3922, 3574, 244, 98220, 1811}},
    {"こんにちは東京", {95839, 108713}, {90115, 14276, 109, 47653}},
    {"안녕하세요", {14307, 171731}, {31495, 230, 75265, 243, 92245}},
    {"naïve Café e\u0301",
     {1503, 9954, 737, 58639, 319, 13430},
     {3458, 38672, 588, 66771, 384, 54939}},
    {"😀👍🏽",
     {84083, 82514, 52622, 121},
     {76460, 222, 9468, 239, 235, 9468, 237, 121}},
};

} // namespace

TEST_CASE("published encodings are met token by token", "[tokens]") {
  NEEDS_RANK_FILES()
  for (const auto& x : samples) {
    INFO(x.text);
    CHECK(encoder(token_split::o200k)->encode(x.text) == x.o200k);
    CHECK(encoder(token_split::cl100k)->encode(x.text) == x.cl100k);
    CHECK(encoder(token_split::o200k)->count(x.text) == x.o200k.size());
    CHECK(encoder(token_split::o200k)->upper_bound(x.text) == x.o200k.size());
  }
}

TEST_CASE("Moby-Dick has 296,485 tokens of o200k_base", "[tokens]") {
  NEEDS_RANK_FILES()
  const auto text = test::data_text("longdocs/moby-dick.txt");
  REQUIRE(text.has_value());
  CHECK(encoder(token_split::o200k)->count(*text) == 296'485);
}

TEST_CASE("the short cut for plain words changes no piece", "[tokens]") {
  const std::uint64_t seed = 20260907;
  INFO("seed " << seed);
  random_text random{seed};
  for (auto split : {token_split::o200k, token_split::cl100k}) {
    auto pattern = tokens::split_pattern::compile(split);
    REQUIRE(pattern.has_value());
    for (int i = 0; i < 3000; ++i) {
      const auto text = random.make();
      piece_reader fast{*pattern, text};
      piece_reader slow{*pattern, text};
      slow.without_short_cut();
      std::string joined;
      while (true) {
        const auto piece = fast.next();
        REQUIRE(piece == slow.next());
        if (piece.empty())
          break;
        joined += piece;
      }
      REQUIRE(joined == text);
    }
  }
}

TEST_CASE("any bytes are encoded, in at most as many tokens", "[tokens]") {
  NEEDS_RANK_FILES()
  const std::uint64_t seed = 7;
  INFO("seed " << seed);
  random_text random{seed};
  const auto& exact = *encoder(token_split::o200k);
  for (int i = 0; i < 2000; ++i) {
    std::string text(random.next() % 64, '\0');
    for (auto& c : text)
      c = static_cast<char>(random.next());
    const auto count = exact.count(text);
    REQUIRE(count <= text.size());
    REQUIRE(count == exact.encode(text).size());
    REQUIRE((count == 0) == text.empty());
  }
}

TEST_CASE("both ways to merge give the same tokens", "[tokens]") {
  NEEDS_RANK_FILES()
  // 48 bytes are merged by scanning, 49 and more by a heap; a run of letters
  // whose start is the same must start with the same tokens.
  const auto& table = encoder(token_split::o200k)->table();
  const std::uint64_t seed = 99;
  INFO("seed " << seed);
  random_text random{seed};
  for (int i = 0; i < 500; ++i) {
    std::string left(24, 'x');
    for (auto& c : left)
      c = static_cast<char>('a' + random.next() % 26);
    // No token of the table holds these two bytes, so nothing merges over.
    const std::string wall = "\xFF\xFE";
    std::vector<rank> one;
    std::vector<rank> both;
    tokens::encode_piece(table, left + wall, &one);
    tokens::encode_piece(table, left + wall + left + wall, &both);
    auto twice = one;
    twice.insert(twice.end(), one.begin(), one.end());
    REQUIRE(both == twice);
  }
}

TEST_CASE("a long run of one letter takes near-linear time", "[tokens]") {
  NEEDS_RANK_FILES()
  const auto& exact = *encoder(token_split::o200k);
  CHECK(exact.count(std::string(100'000, 'a')) == 12'500);
  for (char c : {'A', ' ', '\n', '!', '\xFF'}) {
    const auto begin = std::chrono::steady_clock::now();
    const auto count = exact.count(std::string(100'000, c));
    const auto spent = std::chrono::steady_clock::now() - begin;
    CHECK(count > 0);
    CHECK(spent < std::chrono::seconds{5}); // quadratic: minutes
  }
}
