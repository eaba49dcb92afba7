#include "search_words.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/agent_index.hpp"
#include "word_stem.hpp"

#include <list>
#include <set>

using namespace troupe;
using namespace troupe::actors;
using protocol::agent_card;
using protocol::tier;
using protocol::test::random_source;
using list = std::vector<std::string>;

namespace {

agent_card card(std::string name, std::string description, list skills = {},
                tier level = tier::basic) {
  return {
      std::move(name), std::move(description), std::move(skills), {}, level};
}

list found(const agent_index& index, std::string_view text,
           std::size_t count = 10) {
  list names;
  for (const auto& hit : index.search(
           text, [](const agent_card&) { return true; }, count))
    names.push_back(hit.card->name);
  return names;
}

} // namespace

TEST_CASE("endings are taken off as Porter's paper says", "[agent_index]") {
  const std::vector<std::pair<const char*, const char*>> examples{
      {"caresses", "caress"},
      {"ponies", "poni"},
      {"cats", "cat"},
      {"feed", "feed"},
      {"agreed", "agre"},
      {"plastered", "plaster"},
      {"motoring", "motor"},
      {"sing", "sing"},
      {"conflated", "conflat"},
      {"hopping", "hop"},
      {"falling", "fall"},
      {"filing", "file"},
      {"happy", "happi"},
      {"sky", "sky"},
      {"relational", "relat"},
      {"conditional", "condit"},
      {"digitizer", "digit"},
      {"operator", "oper"},
      {"hopefulness", "hope"},
      {"formalize", "formal"},
      {"electrical", "electr"},
      {"revival", "reviv"},
      {"adjustment", "adjust"},
      {"adoption", "adopt"},
      {"irritant", "irrit"},
      {"probate", "probat"},
      {"rate", "rate"},
      {"controlling", "control"},
      {"generalizations", "gener"},
      {"oscillators", "oscil"},
      {"is", "is"},
      {"utf8", "utf8"}};
  for (const auto& [word, root] : examples)
    CHECK(stem(word) == root);
}

TEST_CASE("words are lower case, without endings and empty words",
          "[agent_index]") {
  CHECK(search_words("Reviews the C++ and C# code, quickly!", 10)
        == list{"review", "cpp", "csharp", "code", "quickli"});
  CHECK(search_words("one-two_three", 2) == list{"two", "three"});
  CHECK(search_words("a the of", 10).empty());
  CHECK(search_words("Übung", 10).size() == 1);
  CHECK(search_words(std::string(1'000, 'x'), 10).front().size() == 64);
  CHECK(search_words("", 10).empty());
}

TEST_CASE("a rare word outweighs a common one", "[agent_index]") {
  agent_index index;
  const auto a = card("a", "writes reports");
  const auto b = card("b", "writes poems");
  const auto c = card("c", "writes letters");
  for (const auto* it : {&a, &b, &c})
    index.add(*it);
  CHECK(found(index, "write a poem").front() == "b");
  CHECK(found(index, "nothing fits").empty());
}

TEST_CASE("a skill outweighs the same word in a description", "[agent_index]") {
  agent_index index;
  const auto a = card("a", "knows about testing");
  const auto b = card("b", "knows about cooking", {"testing"});
  index.add(a);
  index.add(b);
  CHECK(found(index, "tests") == list{"b", "a"});
}

TEST_CASE("among equals the cheaper tier comes first, then the name",
          "[agent_index]") {
  agent_index index;
  const auto a = card("alpha", "", {"x1"}, tier::expert);
  const auto b = card("delta", "", {"x1"}, tier::basic);
  const auto c = card("gamma", "", {"x1"}, tier::basic);
  for (const auto* it : {&a, &c, &b})
    index.add(*it);
  CHECK(found(index, "x1") == list{"delta", "gamma", "alpha"});
  CHECK(found(index, "x1", 2) == list{"delta", "gamma"});
}

TEST_CASE("a score tells how much of the question is covered",
          "[agent_index]") {
  agent_index index;
  const auto a = card("a", "", {"review"});
  const auto b = card("b", "", {"paint"});
  index.add(a);
  index.add(b);
  const auto all = [](const agent_card&) {
    return true;
  };
  const auto whole = index.search("review", all, 1).front().permille;
  const auto part = index.search("review the zebra", all, 1).front().permille;
  CHECK(whole > 600);
  CHECK(whole < 1'000);
  CHECK(part < whole / 2);
}

TEST_CASE("an index that was changed ranks as one made anew", "[agent_index]") {
  static constexpr std::array<const char*, 12> words{
      "review", "test", "paint", "cook",  "code",   "plan",
      "write",  "draw", "sql",   "react", "deploy", "translate"};
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    random_source source{seed};
    const auto text = [&](std::size_t count) {
      std::string out;
      for (; count > 0; --count)
        out += std::string(words.at(source.below(words.size()))) + ' ';
      return out;
    };
    agent_index changed;
    std::list<agent_card> cards;
    for (int step = 0; step < 120; ++step) {
      if (source.below(3) != 0 || cards.empty()) {
        cards.push_back(card("n" + std::to_string(step), text(source.below(8)),
                             {words.at(source.below(words.size()))},
                             static_cast<tier>(source.below(3))));
        changed.add(cards.back());
        changed.add(cards.back());
      } else {
        auto it = cards.begin();
        std::advance(it, source.below(cards.size()));
        changed.remove(*it);
        changed.remove(*it);
        cards.erase(it);
      }
    }
    agent_index fresh;
    for (const auto& it : cards)
      fresh.add(it);
    REQUIRE(changed.size() == cards.size());
    REQUIRE(changed.words() == fresh.words());
    for (int i = 0; i < 20; ++i) {
      const auto question = text(1 + source.below(4));
      REQUIRE(found(changed, question, 100) == found(fresh, question, 100));
    }
    for (const auto& it : cards)
      changed.remove(it);
    REQUIRE(changed.words() == 0);
  }
}
