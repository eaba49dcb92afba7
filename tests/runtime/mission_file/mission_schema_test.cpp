#include "support/catch.hpp"
#include "support/file_text.hpp"
#include "troupe/protocol/schema_check.hpp"
#include "troupe/runtime/mission_file.hpp"
#include "yaml/as_json.hpp"

#include <fstream>

using namespace troupe;

namespace {

std::vector<std::string> findings_in(const std::string& text) {
  yaml::problems found{"m.yaml"};
  const auto root = yaml::parse(text, found);
  REQUIRE(root.has_value());
  const auto schema = protocol::json_schema::parse(mission_schema());
  REQUIRE(schema.has_value());
  return schema->check(yaml::as_json(*root));
}

std::vector<std::filesystem::path> missions_of_the_project() {
  const std::filesystem::path root = TROUPE_SOURCE_DIR;
  auto all = test::files_in(root / "examples" / "missions", ".yaml");
  for (auto& it : test::files_in(root / "tests" / "missions", ".yaml"))
    all.push_back(std::move(it));
  return all;
}

} // namespace

TEST_CASE("every mission of the project that can be read is as the schema of "
          "missions says",
          "[mission_schema]") {
  std::size_t count = 0;
  for (const auto& path : missions_of_the_project()) {
    const auto text = test::file_text(path);
    if (text.find("# state: invalid") != std::string::npos
        || text.find("mission:") == std::string::npos)
      continue;
    INFO(path.string());
    CHECK(findings_in(text) == std::vector<std::string>{});
    ++count;
  }
  CHECK(count >= 3);
}

TEST_CASE("a key that a mission does not have is none of the schema's either",
          "[mission_schema]") {
  const std::string good =
      "mission: m\ntasks:\n  - id: a\n    agent: x\n    prompt: P.\n";
  CHECK(findings_in(good).empty());
  CHECK_FALSE(findings_in(good + "    promt: Q.\n").empty());
  CHECK_FALSE(findings_in(good + "    gate: {word_max: 3}\n").empty());
  CHECK_FALSE(findings_in(good + "    repeat: {max: 3}\n").empty());
  CHECK_FALSE(findings_in("mission: m\n").empty());
}

TEST_CASE("a task may stand for a mission and have a loop, by the schema too",
          "[mission_schema]") {
  const std::string head = "mission: m\ntasks:\n  - {id: x, mission: a.yaml, "
                           "with: {t: '{{item}}'}, ";
  CHECK(findings_in(head + "foreach: {of: '${p.output}', max: 3}}\n").empty());
  CHECK(findings_in(head + "foreach: book}\n").empty());
  CHECK(findings_in(head + "repeat: {max: 3, until: 'true'}}\n").empty());
  CHECK_FALSE(findings_in(head + "foreach: {of: '${p.output}'}}\n").empty());
}

TEST_CASE("the schema of missions has every key that the documentation of "
          "missions names",
          "[mission_schema]") {
  std::ifstream docs{std::filesystem::path{TROUPE_SOURCE_DIR} / "docs"
                     / "mission.md"};
  std::size_t keys = 0;
  for (std::string line; std::getline(docs, line);) {
    if (!line.starts_with("| `") || line.find("{{") != std::string::npos)
      continue;
    auto key = line.substr(3, line.find('`', 3) - 3);
    key = key.substr(key.rfind('.') + 1);
    INFO(line);
    CHECK(mission_schema().find('"' + key + '"') != std::string_view::npos);
    ++keys;
  }
  CHECK(keys > 50);
}
