#include "support/catch.hpp"
#include "yaml/document.hpp"
#include "yaml/file.hpp"

#include <chrono>

using namespace troupe;
using yaml::node_kind;

namespace {

struct outcome {
  std::optional<yaml::node> root;
  std::string problems;
};

outcome parse(std::string_view text, const yaml::limits& at_most = {}) {
  yaml::problems found{"a.yaml"};
  auto root = yaml::parse(text, found, at_most);
  return {std::move(root), to_text(found.list())};
}

} // namespace

TEST_CASE("a value knows its line and column", "[yaml]") {
  auto [root, problems] = parse("a: 1\nb:\n  - x\n  - key: \"2\"\n");
  REQUIRE(problems.empty());
  REQUIRE(root->kind == node_kind::mapping);
  const auto& item = root->find("b")->items[1];
  CHECK(item.line == 4);
  CHECK(item.find("key")->line == 4);
  CHECK(item.find("key")->column == 10);
  CHECK(item.find("key")->quoted);
  CHECK_FALSE(root->find("a")->quoted);
  CHECK(root->find("c") == nullptr);
}

TEST_CASE("JSON is read by the same reader", "[yaml]") {
  auto [root, problems] =
      parse("{\"a\": [1, \"two\"],\n \"b\": {\"c\": null}}");
  REQUIRE(problems.empty());
  CHECK(root->find("a")->items[1].text == "two");
  CHECK(root->find("b")->find("c")->kind == node_kind::null);
  CHECK(root->find("b")->line == 2);
}

TEST_CASE("a pointer leads to the nearest value that exists", "[yaml]") {
  auto [root, problems] = parse("tasks:\n- id: a\n- id: b\n  needs: [x, y]\n");
  REQUIRE(problems.empty());
  CHECK(yaml::nearest_node(*root, "/tasks/1/needs/1").text == "y");
  CHECK(yaml::nearest_node(*root, "/tasks/0/needs/1").line == 2);
  CHECK(yaml::nearest_node(*root, "/tasks/7").line == 2);
  CHECK(&yaml::nearest_node(*root, "/nothing") == &*root);
  CHECK(&yaml::nearest_node(*root, "") == &*root);
}

TEST_CASE("anchors, aliases and tags are refused at their place", "[yaml]") {
  CHECK(parse("a: &x 1\nb: *x\n").problems
        == "a.yaml:1:4: anchors are not allowed\n");
  CHECK(parse("b: *x\n").problems.starts_with("a.yaml:1:4: "));
  CHECK(parse("a: !!python/object x\n").problems
        == "a.yaml:1:4: tags are not allowed\n");
}

TEST_CASE("a bomb of aliases is refused at its first anchor", "[yaml]") {
  std::string bomb = "a0: &a0 [lol, lol, lol, lol]\n";
  for (int i = 1; i < 40; ++i) {
    auto name = "a" + std::to_string(i);
    auto last = "*a" + std::to_string(i - 1);
    bomb += name + ": &" + name + " [" + last + ", " + last + "]\n";
  }
  CHECK(parse(bomb).problems == "a.yaml:1:5: anchors are not allowed\n");
}

TEST_CASE("a duplicate key is a problem, and the rest is read", "[yaml]") {
  auto [root, problems] = parse("a: 1\nb: 2\na: 3\nb: 4\n");
  CHECK(problems
        == "a.yaml:3:1: duplicate key 'a'\na.yaml:4:1: duplicate key 'b'\n");
  CHECK(root.has_value());
}

TEST_CASE("deep nesting is refused, in flow and in block form", "[yaml]") {
  std::string block;
  for (int i = 0; i < 100; ++i)
    block += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(parse(block).problems.find("deeper than 32") != std::string::npos);
  CHECK(parse(std::string(1000, '[')).root == std::nullopt);
  CHECK(parse(std::string(100'000, '[')).root == std::nullopt);
  CHECK(parse(std::string(100'000, '{')).root == std::nullopt);
  std::string dashes;
  for (int i = 0; i < 100'000; ++i)
    dashes += "- ";
  CHECK(parse(dashes).root == std::nullopt);
}

TEST_CASE("too many values are refused", "[yaml]") {
  yaml::limits few;
  few.nodes_max = 10;
  CHECK(parse("[1,2,3,4,5,6,7,8,9,10]", few).problems.find("more than 10")
        != std::string::npos);
  CHECK(parse("[1,2,3,4,5,6,7,8,9]", few).problems.empty());
}

TEST_CASE("a flood of brackets is refused before it is parsed", "[yaml]") {
  CHECK(parse(std::string(4'000'000, '[')).problems
        == "a.yaml: more than 400000 brackets and commas in one file\n");
}

TEST_CASE("a text over the limit is refused before it is parsed", "[yaml]") {
  const std::string big(10'000'000, 'a');
  CHECK(parse(big).problems
        == "a.yaml: the file has 9.5 MiB; at most 4 MiB are read\n");
}

TEST_CASE("what is not UTF-8 text is refused with its line", "[yaml]") {
  CHECK(parse("a: 1\nb: \xC3\x28\n").problems == "a.yaml:2: not UTF-8 text\n");
  CHECK(parse(std::string("a: \0b", 5)).root == std::nullopt);
  CHECK(parse("\xFF\xFE").root == std::nullopt);
  CHECK(parse("a: \xED\xA0\x80").root == std::nullopt);
  CHECK(parse("a: \xC0\xAF").root == std::nullopt);
  CHECK(parse("a: \xF0\x9F\x98\x80 \xE2\x82\xAC").problems.empty());
}

TEST_CASE("an empty file and a second document are problems", "[yaml]") {
  CHECK(parse("").problems == "a.yaml: the file is empty\n");
  CHECK(parse("# nothing\n").problems == "a.yaml: the file is empty\n");
  CHECK(parse("a: 1\n---\nb: 2\n").problems.find("only one document")
        != std::string::npos);
}

TEST_CASE("keys that are no words are refused", "[yaml]") {
  CHECK(parse("? [a, b]\n: 1\n").root == std::nullopt);
  CHECK(parse("? {a: b}\n: 1\n").root == std::nullopt);
  CHECK(parse("~: 1\n").root == std::nullopt);
}

TEST_CASE("a syntax error is told with its place", "[yaml]") {
  auto text = parse("a: [1, 2\nb: 3\n").problems;
  CHECK(text.starts_with("a.yaml:"));
  CHECK(text.find("not valid YAML") != std::string::npos);
}

TEST_CASE("text shown in a message has no control characters", "[yaml]") {
  CHECK(yaml::in_quotes("a\x1b[2Jb\n") == "'a?[2Jb?'");
  CHECK(yaml::in_quotes(std::string(100, 'x'))
        == "'" + std::string(60, 'x') + "...'");
  CHECK(yaml::first_bad_byte(
            yaml::in_quotes(std::string(59, 'x') + "\xE2\x82\xAC" + "yyy"))
        == std::string::npos);
}

TEST_CASE("a folder, a pipe and a missing file cannot be read", "[yaml]") {
  CHECK(yaml::read_file("/nowhere/x", 10).error().detail
        == "there is no such file");
  CHECK(yaml::read_file("/", 10).error().detail == "not a regular file");
  CHECK(yaml::read_file("/dev/zero", 10).has_error());
}

TEST_CASE("sizes read as people write them", "[yaml]") {
  CHECK(yaml::bytes_text(7) == "7 bytes");
  CHECK(yaml::bytes_text(4U << 20U) == "4 MiB");
  CHECK(yaml::bytes_text(1536) == "1.5 KiB");
}
