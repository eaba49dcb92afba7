#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/mission_file.hpp"

using namespace troupe;

namespace {

constexpr std::string_view agent = R"(agents:
  - name: reader
    skills: [reading]
    instructions: Read closely and report what the text says, not more.
)";

std::string mission_of(std::string_view inputs, std::string_view tasks) {
  return "mission: m\n" + std::string{agent} + "inputs:\n" + std::string{inputs}
         + "tasks:\n" + std::string{tasks};
}

constexpr std::string_view digest = R"(
  - id: digest
    agent: reader
    foreach: book
    prompt: "{{part}}/{{parts}} {{ title }}"
  - {id: check, agent: reader, foreach: book, needs: digest,
     prompt: "{{inputs}}"}
  - {id: whole, agent: reader, needs: [digest], prompt: "{{mission}} {{1,2}}"}
)";

constexpr std::string_view book = "front\nCHAPTER 1\none\n\nCHAPTER 2\ntwo\n";

} // namespace

TEST_CASE("foreach makes a task of each part, and a need takes them all in",
          "[mission_file]") {
  auto loaded = parse_mission(
      mission_of("  book: {text: \"front\\nCHAPTER 1\\none\\n\\nCHAPTER "
                 "2\\ntwo\\n\", split: {by: heading, pattern: \"CHAPTER \"}}\n",
                 digest),
      "m.yaml");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& tasks = loaded.mission->tasks;
  REQUIRE(tasks.size() == 7);
  CHECK(tasks[0].id == "digest#1");
  CHECK(tasks[0].prompt == "1/3 front");
  CHECK(tasks[1].prompt == "2/3 CHAPTER 1");
  CHECK(tasks[2].inputs == std::vector<std::string>{"book#3"});
  CHECK(tasks[4].id == "check#2");
  CHECK(tasks[4].needs == std::vector<std::string>{"digest#2"});
  CHECK(tasks[4].prompt == "book#2");
  CHECK(tasks[6].needs
        == std::vector<std::string>{"digest#1", "digest#2", "digest#3"});
  CHECK(tasks[6].prompt == "m {{1,2}}");
  const auto& inputs = loaded.mission->inputs;
  REQUIRE(inputs.size() == 3);
  CHECK(inputs[1] == protocol::task_input{"book#2", "CHAPTER 1\none"});
}

TEST_CASE("files match a pattern and become parts, in order of their names",
          "[mission_file]") {
  test::scratch_folder folder{"inputs-files"};
  folder.write("src/b.cpp", "int b;");
  folder.write("src/a.cpp", "int a;");
  folder.write("src/deep/c.cpp", "int c;");
  folder.write("src/.hidden.cpp", "int h;");
  folder.write("src/a.hpp", "int h;");
  auto path = folder.write(
      "m.yaml",
      mission_of("  code: {files: 'src/**/*.cpp'}\n",
                 "  - {id: r, agent: reader, foreach: code, prompt: "
                 "'{{title}}'}\n"
                 "  - {id: s, agent: reader, inputs: [code], prompt: all}\n"));
  auto loaded = load_mission(path);
  REQUIRE(to_text(loaded.problems) == "");
  const auto& tasks = loaded.mission->tasks;
  REQUIRE(tasks.size() == 4);
  CHECK(tasks[0].prompt == "src/a.cpp");
  CHECK(tasks[1].prompt == "src/b.cpp");
  CHECK(tasks[2].prompt == "src/deep/c.cpp");
  CHECK(loaded.mission->inputs.back().text
        == "=== src/a.cpp ===\nint a;\n=== src/b.cpp ===\nint b;\n"
           "=== src/deep/c.cpp ===\nint c;\n");
}

TEST_CASE("a file given by the caller takes the place of an input",
          "[mission_file]") {
  test::scratch_folder folder{"inputs-override"};
  auto mine = folder.write("mine.txt", book);
  auto path = folder.write(
      "m.yaml", mission_of("  book: {file: gone.txt, split: {by: heading, "
                           "pattern: CHAPTER}}\n  other: {text: x}\n",
                           digest));
  CHECK(to_text(load_mission(path).problems)
        == path + ":7:16: input 'book': 'gone.txt': there is no such file\n");
  mission_options options;
  options.inputs[""] = mine;
  CHECK(load_mission(path, options).mission->tasks.size() == 7);
  options.inputs = {{"book", mine}};
  CHECK(load_mission(path, options).mission->tasks.size() == 7);
  options.inputs = {{"book", mine}, {"bok", mine}};
  CHECK(to_text(load_mission(path, options).problems)
        == path
               + ": a file is given for an unknown input 'bok' (did you mean "
                 "'book'?)\n");
}

TEST_CASE("a file given in place of several is one part with the file's name",
          "[mission_file]") {
  test::scratch_folder folder{"inputs-one-for-many"};
  const auto mine = folder.write("deep/mine.cpp", "int mine;");
  const auto task = "  - {id: r, agent: reader, foreach: code, prompt: "
                    "'{{title}} {{part}}/{{parts}}'}\n";
  const auto whole = folder.write(
      "whole.yaml", mission_of("  code: {files: '*.cpp'}\n", task));
  mission_options options;
  options.inputs[""] = mine;
  const auto loaded = load_mission(whole, options);
  REQUIRE(to_text(loaded.problems) == "");
  REQUIRE(loaded.mission->tasks.size() == 1);
  CHECK(loaded.mission->tasks[0].prompt == "mine.cpp 1/1");
  CHECK(loaded.mission->inputs[0].text == "int mine;");
  const auto cut = folder.write(
      "cut.yaml",
      mission_of("  code: {files: '*.cpp', split: {by: lines}}\n", task));
  options.inputs[""] = folder.write("mine.txt", "one\ntwo\n");
  CHECK(load_mission(cut, options).mission->tasks.size() == 2);
}

TEST_CASE("wrong inputs are told at their place", "[mission_file]") {
  auto told = [](std::string_view inputs, std::string_view tasks) {
    return to_text(parse_mission(mission_of(inputs, tasks), "m").problems);
  };
  constexpr std::string_view task =
      "  - {id: a, agent: reader, foreach: x, prompt: y}\n";
  CHECK(told("  x: {}\n", task).find("m:7:6: the input 'x' needs one of") == 0);
  CHECK(told("  x: {text: a, file: b}\n", task).find("needs one of")
        != std::string::npos);
  CHECK(told("  x: {text: a}\n", task)
        == "m:9:37: the input 'x' has no parts: give it 'split' or 'files'\n");
  CHECK(told("  xx: {text: a, split: {by: blank}}\n", task)
        == "m:9:37: unknown input 'x' (did you mean 'xx'?)\n");
  CHECK(told("  x: {text: ' ', split: {by: blank}}\n", task)
        == "m:7:13: the input 'x' is empty\n");
  CHECK(told("  x: {text: \"a\\n\\nb\", split: {by: blank, parts_max: 1}}\n",
             task)
        == "m:7:6: the input 'x' has more than 1 parts; raise 'parts_max' or "
           "split coarser\n");
  CHECK(told("  x: {text: a, split: {by: chars}}\n", task)
        == "m:7:23: 'by: chars' needs 'chars_max'\n");
  CHECK(told("  x: {text: a, split: {by: blank, pattern: b}}\n", task)
        == "m:7:23: 'pattern' goes with 'by: heading' only\n");
  CHECK(told("  'x y': {text: a}\n", task).find("bad name of an input 'x y'")
        != std::string::npos);
  CHECK(told("  x: {text: a}\n",
             "  - {id: a#1, agent: reader, prompt: '{{part}} {{tilte}}'}\n")
        == "m:9:10: '#' in an id is kept for the parts of a 'foreach'\n"
           "m:9:38: {{part}} needs 'foreach' in this task\n"
           "m:9:38: unknown placeholder {{tilte}} (did you mean 'title'?)\n");
}

TEST_CASE("files that match nothing or are no text are problems",
          "[mission_file]") {
  test::scratch_folder folder{"inputs-bad"};
  folder.write("b.bin", std::string("\0\1\2", 3));
  folder.write("big.txt", std::string(2'000, 'x'));
  auto path = folder.write(
      "m.yaml", mission_of("  a: {files: '*.none'}\n  b: {file: b.bin}\n"
                           "  c: {file: big.txt}\n  d: {file: .}\n"
                           "  e: {files: []}\n",
                           "  - {id: a, agent: reader, prompt: y}\n"));
  mission_options options;
  options.input_bytes_max = 1'000;
  CHECK(to_text(load_mission(path, options).problems)
        == path + ":7:14: input 'a': '*.none': no file matches\n" + path
               + ":8:13: input 'b': 'b.bin': not UTF-8 text (byte 0)\n" + path
               + ":9:13: input 'c': 'big.txt': the file has 1.9 KiB; at most "
                 "1000 bytes are read\n"
               + path + ":10:13: input 'd': '.': not a regular file\n" + path
               + ":11:14: 'files' names no file\n");
}

TEST_CASE("parts beyond the limit of tasks are told before they are made",
          "[mission_file]") {
  std::string lines;
  for (int i = 0; i < 6000; ++i)
    lines += "x\\n";
  auto loaded = parse_mission(
      mission_of(
          "  x: {text: \"" + lines
              + "\", split: {by: lines, parts_max: 10000}}\n",
          "  - {id: a, agent: reader, foreach: x, prompt: p}\n"
          "  - {id: b, agent: reader, foreach: x, prompt: p, needs: a}\n"),
      "m");
  CHECK(to_text(loaded.problems)
        == "m:9:3: with all parts there are 12000 tasks; at most 10000 are "
           "allowed: lower a 'max', or split coarser\n");
}
