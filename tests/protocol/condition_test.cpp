#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/protocol/condition.hpp"

#include <map>

using namespace troupe::protocol;
using troupe::protocol::test::random_source;

namespace {

const std::map<std::string, std::string> outputs{
    {"plan",
     R"({"ready": true, "score": 7, "tags": ["a", "b"], "none": null})"},
    {"fenced", "```json\n{\"score\": 3}\n```"},
    {"says", "Yes, it is fine. "},
    {"count", "12"},
    {"empty", ""}};

std::optional<std::string> look_up(const reference& it) {
  if (it.from == reference::source::state)
    return it.name == "plan" ? "done" : "omitted";
  const auto found = outputs.find(it.name);
  return found == outputs.end() ? std::nullopt : std::optional{found->second};
}

bool holds(const std::string& text) {
  const auto read = condition::parse(text);
  INFO(text);
  REQUIRE(read.has_value());
  return read->holds(look_up);
}

std::string problem(const std::string& text) {
  const auto read = condition::parse(text);
  return read ? std::string{} : read.error().detail;
}

} // namespace

TEST_CASE("conditions compare what tasks gave with values", "[condition]") {
  CHECK(holds("${plan.output.ready}"));
  CHECK(holds("${plan.output.ready} == true"));
  CHECK(holds("${plan.output.score} >= 7"));
  CHECK_FALSE(holds("${plan.output.score} > 7"));
  CHECK(holds("${fenced.output.score} < 4"));
  CHECK(holds("${count.output} == 12"));
  CHECK(holds("${count.output} > 9"));
  CHECK(holds("${says.output} contains 'fine'"));
  CHECK_FALSE(holds("${says.output} contains \"bad\""));
  CHECK(holds("${plan.output.tags} contains 'b'"));
  CHECK(holds("${plan.output} contains 'score'"));
  CHECK(holds("${plan.state} == 'done'"));
  CHECK(holds("${plan.output.tags[1]} == 'b'"));
}

TEST_CASE("conditions take what is not there as null", "[condition]") {
  CHECK(holds("${plan.output.other} == null"));
  CHECK(holds("${plan.output.none} == null"));
  CHECK(holds("${nobody.output} == null"));
  CHECK(holds("not ${plan.output.tags[9]}"));
  CHECK_FALSE(holds("${says.output.member}"));
  CHECK_FALSE(holds("${empty.output}"));
  CHECK_FALSE(holds("${says.output} > 3"));
  CHECK_FALSE(holds("${says.output} <= 3"));
}

TEST_CASE("conditions join by not, and, or in this order", "[condition]") {
  CHECK(holds("true or false and false"));
  CHECK_FALSE(holds("(true or false) and false"));
  CHECK(holds("not false and true"));
  CHECK_FALSE(holds("not (false or true)"));
  CHECK(holds("not not true"));
  CHECK(holds("1 == 1 and not 2 == 3 or false"));
}

TEST_CASE("conditions that cannot be read say where", "[condition]") {
  CHECK(problem("${plan.output.score} >=").find("expected a value")
        != std::string::npos);
  CHECK(problem("(true").find("')'") != std::string::npos);
  CHECK(problem("true true").find("'and', 'or'") != std::string::npos);
  CHECK(problem("'open").find("quotes") != std::string::npos);
  CHECK(problem("${plan}").find("reference") != std::string::npos);
  CHECK(problem("${plan.ouput.x}").find("is none") != std::string::npos);
  CHECK(problem("").find("value") != std::string::npos);
  CHECK(problem("nan").find("value") != std::string::npos);
  CHECK(problem(std::string(100, '(') + "1").find("32 levels")
        != std::string::npos);
  CHECK(problem(std::string(5'000, ' ')).find("4,096") != std::string::npos);
}

TEST_CASE("any text is a condition or a problem, and never more",
          "[condition]") {
  const std::vector<std::string> pieces{"${plan.output}",
                                        "${a.output[0].b}",
                                        "not ",
                                        "and ",
                                        "or ",
                                        "(",
                                        ")",
                                        "== ",
                                        "< ",
                                        "contains ",
                                        "'x' ",
                                        "12 ",
                                        "1e999 ",
                                        "true",
                                        "${",
                                        "}",
                                        "\\",
                                        "\xff",
                                        "\"",
                                        " "};
  random_source random{20261122};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto count = random.below(12); count > 0; --count)
      text += pieces[random.below(pieces.size())];
    if (const auto read = condition::parse(text))
      (void)read->holds(look_up);
    (void)references_in(text);
  }
}

TEST_CASE("references in a prompt become what tasks gave", "[reference]") {
  const auto filled = [](std::string_view text) {
    auto made = fill_references(text, look_up, 1'000);
    return made ? *made : made.error().detail;
  };
  CHECK(filled("Score ${plan.output.score}, tags ${plan.output.tags}.")
        == "Score 7, tags [\"a\",\"b\"].");
  CHECK(filled("Write $${plan.output} and ${HOME}.")
        == "Write ${plan.output} and ${HOME}.");
  CHECK(filled("It says: ${says.output}") == "It says: Yes, it is fine. ");
  CHECK(filled("${plan.output.other}")
        == "nothing stands behind '${plan.output.other}'");
  CHECK(filled("${empty.output.member}x") == "x");
  CHECK(filled("${plan.output..x}").find("'.member'") != std::string::npos);
  CHECK(filled(std::string(2'000, 'x')).find("1000 bytes")
        != std::string::npos);
}
