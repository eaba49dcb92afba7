#include "clip.hpp"
#include "support/catch.hpp"
#include "text_digest_sentences.hpp"
#include "text_digest_words.hpp"

#include <string>
#include <vector>

using namespace troupe::actors;

namespace {

using texts = std::vector<std::string>;

texts sentences(std::string_view paragraph) {
  texts out;
  for (const auto s : split_sentences(paragraph))
    out.push_back(one_line(s));
  return out;
}

texts of_kind(std::string_view text, passage_kind kind) {
  texts out;
  for (const auto& p : split_passages(text))
    if (p.kind == kind)
      out.push_back(one_line(p.text));
  return out;
}

texts words(std::string_view text) {
  texts out;
  word_reader reader{text};
  for (word w; reader.next(w);)
    out.emplace_back(w.text);
  return out;
}

} // namespace

TEST_CASE("sentences end at full stops, question and exclamation marks",
          "[text_digest]") {
  CHECK(sentences("One is here. Is two? Three! And four")
        == texts{"One is here.", "Is two?", "Three!", "And four"});
  CHECK(sentences("Wait... what? Yes.") == texts{"Wait... what?", "Yes."});
  CHECK(sentences("").empty());
}

TEST_CASE("a dot after an abbreviation, initial or number ends no sentence",
          "[text_digest]") {
  CHECK(sentences("Dr. Smith met J. R. Hale, e.g. at noon. They left.")
        == texts{"Dr. Smith met J. R. Hale, e.g. at noon.", "They left."});
  CHECK(sentences("See Fig. 3 and No. 5 for v. 2.1 of it. Done.")
        == texts{"See Fig. 3 and No. 5 for v. 2.1 of it.", "Done."});
  CHECK(sentences("It is in the U.S. Army. It stays, etc. and so on.")
        == texts{"It is in the U.S. Army.", "It stays, etc. and so on."});
  CHECK(sentences("He left at 5 p.m. She stayed.")
        == texts{"He left at 5 p.m.", "She stayed."});
}

TEST_CASE("quoted speech stays with its sentence", "[text_digest]") {
  CHECK(sentences("He said \"I came. I saw.\" Then he left.")
        == texts{"He said \"I came. I saw.\"", "Then he left."});
  CHECK(sentences("\u201CWhy? Tell me!\u201D he asked. Nobody knew.")
        == texts{"\u201CWhy? Tell me!\u201D he asked.", "Nobody knew."});
}

TEST_CASE("Chinese and Japanese sentences need no space between them",
          "[text_digest]") {
  CHECK(sentences("今天下雨。我们在家！") == texts{"今天下雨。", "我们在家！"});
}

TEST_CASE("an endless sentence is cut at a space", "[text_digest]") {
  std::string text;
  for (int i = 0; i < 500; ++i)
    text += "word ";
  const auto found = split_sentences(text);
  REQUIRE(found.size() > 3);
  for (const auto s : found) {
    CHECK(s.size() <= 600);
    CHECK(s.substr(0, 4) == "word");
    CHECK(s.substr(s.size() - 4) == "word");
  }
  const std::string solid(2000, 'x');
  for (const auto s : split_sentences(solid))
    CHECK(s.size() <= 600);
}

TEST_CASE("headings, lists, tables, fences and markup are told apart",
          "[text_digest]") {
  const std::string text = "# The Title\n"
                           "First line of a\nwrapped sentence. Second.\n"
                           "\n"
                           "A short line\n"
                           "\n"
                           "- one item\n  goes on here\n"
                           "2. another item.\n"
                           "| a | b |\n|---|---|\n"
                           "<input name=\"x\">\n"
                           "> A quoted line.\n"
                           "```cpp\nint x;\n```\n"
                           "The end is near.\n";
  CHECK(of_kind(text, passage_kind::heading)
        == texts{"The Title", "A short line"});
  CHECK(of_kind(text, passage_kind::sentence)
        == texts{"First line of a wrapped sentence.", "Second.",
                 "A quoted line.", "The end is near."});
  CHECK(of_kind(text, passage_kind::list_item)
        == texts{"one item goes on here", "another item.", "| a | b |"});
  CHECK(of_kind(text, passage_kind::code) == texts{"int x;"});
}

TEST_CASE("code is found without fences, and prose is not taken for it",
          "[text_digest]") {
  const auto code = split_passages("// Adds two numbers.\n"
                                   "int add(int a, int b) {\n"
                                   "  return a + b;\n}\n");
  REQUIRE(code.size() == 4);
  for (const auto& p : code)
    CHECK(p.kind == passage_kind::code);
  CHECK(is_telling_code(code[0].text));
  CHECK(is_telling_code(code[1].text));
  CHECK_FALSE(is_telling_code(code[2].text));
  CHECK_FALSE(looks_like_code("and so he went to sea again;"));
  CHECK(is_telling_code("def area(self):"));
  CHECK_FALSE(is_telling_code("if (ready(x)) {"));
}

TEST_CASE("the number of passages is bounded", "[text_digest]") {
  std::string text;
  for (int i = 0; i < 100; ++i)
    text += "This is a sentence. ";
  CHECK(split_passages(text, 7).size() == 7);
}

TEST_CASE("any bytes can be split, and every passage is a part of them",
          "[text_digest]") {
  std::uint64_t state = 20'260'101;
  CAPTURE(state);
  const std::string_view alphabet = "ab.?! \n\"'-#`|<>{}();1\xE2\x80\x9C\xFF";
  for (int round = 0; round < 300; ++round) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      state = state * 6'364'136'223'846'793'005ULL + 1;
      text += alphabet[(state >> 33U) % alphabet.size()];
    }
    for (const auto& p : split_passages(text)) {
      CHECK(p.text.data() >= text.data());
      CHECK(p.text.data() + p.text.size() <= text.data() + text.size());
    }
  }
}

TEST_CASE("words keep inner apostrophes; each ideograph is one",
          "[text_digest]") {
  CHECK(words("Don't stop, 'tis 42% naïve — 你好!")
        == texts{"Don't", "stop", "tis", "42", "naïve", "你", "好"});
  CHECK(count_words("A well-known - fact, 你好") == 5);
  CHECK(count_words(" \n ") == 0);
  CHECK(hash_of("Word") == hash_of("wORD"));
  CHECK(clip("你好", 4) == "你");
  CHECK(clip("abc", 4) == "abc");
}
