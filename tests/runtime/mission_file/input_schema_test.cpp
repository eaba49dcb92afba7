// Inputs whose form a mission tells.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/mission_file.hpp"

#include <fstream>

using namespace troupe;

namespace {

std::string mission_of(const std::string& input) {
  return "mission: m\n"
         "agents:\n"
         "  - name: reader\n"
         "    skills: [reading]\n"
         "    instructions: Read closely and report what the text says.\n"
         "inputs:\n"
         "  order: "
         + input
         + "\n"
           "tasks:\n"
           "  - {id: t, agent: reader, inputs: order, prompt: Do it}\n";
}

std::string problems_of(const std::string& input,
                        const mission_options& options = {}) {
  return to_text(parse_mission(mission_of(input), "m.yaml", options).problems);
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

const std::string number_of_items =
    "schema: {type: object, required: [items], properties: "
    "{items: {type: integer, minimum: 1}}}";

} // namespace

TEST_CASE("an input of the form that its schema tells is taken",
          "[mission_file][input_schema]") {
  CHECK(
      problems_of("{text: '{\"items\": 3}', " + number_of_items + "}").empty());
  CHECK(problems_of("{text: \"1\\n2\\n3\", split: {by: lines}, "
                    "schema: {type: integer}}")
            .empty());
}

TEST_CASE("an input of another form is told, with its place and its part",
          "[mission_file][input_schema]") {
  const auto wrong =
      problems_of("{text: '{\"items\": 0}', " + number_of_items + "}");
  CHECK(holds(wrong, "m.yaml:7:"));
  CHECK(holds(wrong, "the input 'order': "));
  CHECK(holds(wrong, "/items"));
  CHECK(holds(problems_of("{text: three items, " + number_of_items + "}"),
              "the input 'order' is no JSON: "));
  CHECK(holds(problems_of("{text: \"1\\n2\\nthree\", split: {by: lines}, "
                          "schema: {type: integer}}"),
              "the input 'order', part 3 is no JSON: "));
}

TEST_CASE("a file that replaces an input has the form of it too",
          "[mission_file][input_schema]") {
  const test::scratch_folder folder{"schema"};
  const auto path = (folder.path() / "other.json").string();
  std::ofstream{path} << R"({"items": "many"})";
  mission_options options;
  options.inputs["order"] = path;
  CHECK(holds(
      problems_of("{text: '{\"items\": 3}', " + number_of_items + "}", options),
      "the input 'order': "));
}

TEST_CASE("a schema that is none is a problem of the mission",
          "[mission_file][input_schema]") {
  CHECK(
      holds(problems_of("{text: '3', schema: {type: nothing}}"), "'schema': "));
  CHECK(
      holds(problems_of("{text: '3', schema: {tpye: integer}}"), "'schema': "));
  CHECK(holds(problems_of("{text: '3', schema: integer}"), "schema"));
}
