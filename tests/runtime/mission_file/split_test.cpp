#include "mission_file/glob.hpp"
#include "mission_file/split.hpp"
#include "support/catch.hpp"

using namespace troupe::mission_file;

namespace {

std::vector<std::string> texts(std::string_view text, const split_rule& rule) {
  std::vector<std::string> out;
  for (auto& piece : split_text(text, rule))
    out.push_back(std::move(piece.text));
  return out;
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("a heading starts a part and titles it", "[mission_file]") {
  auto pieces = split_text("intro\n\n## One \na\n# Two\nb", {});
  REQUIRE(pieces.size() == 3);
  CHECK(pieces[1].title == "One");
  CHECK(pieces[1].text == "## One \na");
  CHECK(pieces[2].title == "Two");
}

TEST_CASE("blank lines, lines and characters cut as they say",
          "[mission_file]") {
  CHECK(texts("a\nb\n\n \n  c\n", {split_by::blank, "", 9, 0})
        == list{"a\nb", "  c"});
  CHECK(texts("a\r\n\r\nb\nc", {split_by::lines, "", 9, 0})
        == list{"a", "b", "c"});
  CHECK(texts("One two. Three four.", {split_by::chars, "", 9, 12})
        == list{"One two.", "Three four."});
  CHECK(texts("", {split_by::chars, "", 9, 12}).empty());
  CHECK(texts(" \n\n ", {split_by::blank, "", 9, 12}).empty());
}

TEST_CASE("a cut never falls inside a character", "[mission_file]") {
  std::string euros;
  for (int i = 0; i < 50; ++i)
    euros += "\xE2\x82\xAC";
  for (std::uint32_t most = 3; most < 20; ++most)
    for (const auto& piece : texts(euros, {split_by::chars, "", 99, most}))
      CHECK(piece.size() % 3 == 0);
}

TEST_CASE("splitting stops one part after the limit", "[mission_file]") {
  CHECK(texts("a\nb\nc\nd", {split_by::lines, "", 2, 0}).size() == 3);
}

TEST_CASE("a title is one short line without control signs", "[mission_file]") {
  CHECK(title_of("\n\n ## A\tb \nc") == "A b");
  CHECK(title_of(std::string(200, 'x')).size() == 80);
  CHECK(title_of(std::string(79, 'x') + "\xE2\x82\xAC").size() == 79);
}

TEST_CASE("patterns match as in a shell", "[mission_file]") {
  CHECK(glob_matches("*.cpp", "a.cpp"));
  CHECK(glob_matches("a?c*", "abcd"));
  CHECK(glob_matches("*", ""));
  CHECK(glob_matches("a*b*c", "a--b-bc"));
  CHECK_FALSE(glob_matches("a*b*c", "a--b-"));
  CHECK_FALSE(glob_matches("?", ""));
  CHECK_FALSE(glob_matches("*.cpp", "a.hpp"));
}
