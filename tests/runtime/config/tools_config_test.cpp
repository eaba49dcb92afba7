// What a configuration says of tools.
#include "support/catch.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/config.hpp"

using namespace std::chrono_literals;
using namespace troupe;

namespace {

loaded_config load(std::string_view text) {
  test::scratch_folder folder{"tools"};
  return load_config(folder.write("troupe.yaml", text), [](const std::string&) {
    return std::optional<std::string>{};
  });
}

/// The first problem, without its place.
std::string problem_of(const std::string& fields) {
  const auto loaded = load("tools:\n  - {" + fields + "}\n");
  return loaded.problems.empty() ? "" : loaded.problems[0].message;
}

std::string with(const std::string& field) {
  return problem_of("name: a, run: [true], " + field);
}

} // namespace

TEST_CASE("a tool of a file reaches the configuration", "[config]") {
  const auto loaded = load(R"(tools:
  - name: lint
    description: Checks a JSON text.
    run: [jq, -e, .]
    parameters:
      type: object
      properties: {text: {type: string, maxLength: 5}, "no": {enum: ["1", 1]}}
      required: [text]
    timeout: 250ms
    output_max: 64KiB
    concurrency: 7
    idempotent: true
    memory_max: 2GiB
    cpu_max: 3s
    files_max: 9
    processes_max: 1
    environment: [PATH, HOME]
    folder: work
    sandbox: required
    network: true
  - {name: own, run: ./bin/own}
)");
  REQUIRE(to_text(loaded.problems) == "");
  REQUIRE(loaded.config.tools.size() == 2);
  const auto& it = loaded.config.tools[0];
  CHECK(it.name == "lint");
  CHECK(it.run == std::vector<std::string>{"jq", "-e", "."});
  CHECK(it.parameters
        == R"({"type":"object","properties":{"text":{"type":"string",)"
           R"("maxLength":5},"no":{"enum":["1",1]}},"required":["text"]})");
  CHECK(it.timeout == 250ms);
  CHECK(it.output_max == 65'536);
  CHECK(it.concurrency == 7);
  CHECK(it.idempotent);
  CHECK(it.memory_max == 2ULL << 30U);
  CHECK(it.cpu_max == 3s);
  CHECK(it.files_max == 9);
  CHECK(it.processes_max == 1);
  CHECK(it.environment == std::vector<std::string>{"PATH", "HOME"});
  CHECK(it.folder.starts_with('/'));
  CHECK(it.folder.ends_with("/work"));
  CHECK(it.sandbox == sandbox_use::required);
  CHECK(it.network);
  const auto& own = loaded.config.tools[1];
  CHECK(own.run.front().starts_with('/'));
  CHECK(own.run.front().ends_with("/bin/own"));
  CHECK(own.parameters == R"({"type":"object"})");
  CHECK(own.environment == std::vector<std::string>{"PATH"});
}

TEST_CASE("a tool that makes no sense is a problem", "[config]") {
  CHECK(problem_of("run: [true]") == "'name' is missing");
  CHECK(problem_of("name: a")
        == "'run' must name a program, as in "
           "'run: [jq, -e, .]'");
  CHECK(problem_of("name: 'a b', run: [true]")
        == "a tool's name must have 1 to 64 letters, digits, '-', '_' or '.'");
  CHECK(with("parameters: {type: string}")
        == "a tool is called with an object: 'parameters' has 'type: object'");
  CHECK(with("parameters: text")
        == "'parameters' must hold fields, as in 'name: value'");
  CHECK(with("output_max: 2MiB")
        == "'output_max' must be bytes like '65536', '64KiB' or '512MiB', from "
           "1 to 1048576, not '2MiB'");
  for (const std::string field :
       {"output_max: 0",       "output_max: 1.5KiB",
        "output_max: KiB",     "output_max: 64kb",
        "output_max: -1",      "output_max: [1]",
        "memory_max: 15MiB",   "memory_max: 99999999999999999999",
        "memory_max: 1025GiB", "cpu_max: 10ms",
        "timeout: 0s",         "timeout: 2h",
        "concurrency: 0",      "concurrency: 257",
        "files_max: 7",        "processes_max: 0",
        "processes_max: 1001", "environment: ['A=b']",
        "environment: ['']",   "environment: ['1A']",
        "sandbox: yes",        "network: maybe",
        "idempotent: 1",       "shell: true"}) {
    INFO(field);
    CHECK_FALSE(with(field).empty());
  }
  CHECK(load("tools: {a: {run: [true]}}").problems[0].message
        == "'tools' must be a list");
}

TEST_CASE("two tools of one name are a problem", "[config]") {
  const auto loaded =
      load("tools: [{name: a, run: [x]}, {name: a, run: [y]}]\n");
  REQUIRE(loaded.problems.size() == 1);
  CHECK(loaded.problems[0].message == "another tool has this name");
}

TEST_CASE("no tool is given the key of a provider", "[config]") {
  CHECK(with("environment: [PATH, ANTHROPIC_API_KEY]")
        == "'ANTHROPIC_API_KEY' holds the key of provider 'anthropic': no tool "
           "is given it");
}

TEST_CASE("a tool built in C++ is checked too", "[config]") {
  runtime_config config;
  tool_config tool;
  tool.name = "a";
  tool.run = {"x", std::string("a\0b", 3)};
  tool.parameters = "[";
  tool.output_max = 2U << 20U;
  tool.concurrency = 0;
  tool.cpu_max = 2h;
  config.tools = {tool};
  CHECK(check_config(config).size() == 5);
}

TEST_CASE("a server of a file reaches the configuration", "[config]") {
  const auto loaded = load(R"(tools:
  - name: weather
    http:
      method: POST
      url: https://api.example:8443/v1/{city}?u={unit}
      headers: {Authorization: Bearer $API_KEY, X-Plain: 'yes'}
      key_files: {API_KEY: keys/api}
      allow: [api.example, cdn.example]
      allow_private: true
      redirects_max: 0
      response_max: 1KiB
      ca_file: ca.pem
)");
  REQUIRE(to_text(loaded.problems) == "");
  const auto& it = loaded.config.tools[0].http;
  CHECK(it.method == http_method::POST);
  CHECK(it.url == "https://api.example:8443/v1/{city}?u={unit}");
  CHECK(it.headers.at("Authorization") == "Bearer $API_KEY");
  CHECK(it.headers.at("X-Plain") == "yes");
  CHECK(it.key_files.at("API_KEY").ends_with("/keys/api"));
  CHECK(it.allow == std::vector<std::string>{"api.example", "cdn.example"});
  CHECK(it.allow_private);
  CHECK(it.redirects_max == 0);
  CHECK(it.response_max == 1'024);
  CHECK(it.ca_file.ends_with("/ca.pem"));
}

TEST_CASE("a server that makes no sense is a problem", "[config]") {
  const auto server = [](const std::string& fields) {
    return problem_of("name: a, http: {" + fields + "}");
  };
  const std::string url = "url: https://api.example/v1";
  CHECK(server(url) == "");
  CHECK(to_text(load("tools: [{name: a, http: {method: GET}}]").problems)
            .find("'url' is missing")
        != std::string::npos);
  CHECK(problem_of("name: a, run: [x], http: {" + url + "}")
        == "a tool has 'run' or 'http', not both");
  CHECK(server("url: http://api.example/v1")
        == "'url' must be https: http is for this machine only");
  CHECK(server("url: http://127.0.0.1:8080/v1")
        == "'url' leads to this machine, which needs 'allow_private: true'");
  CHECK(server("url: http://127.0.0.1:8080/v1, allow_private: true") == "");
  CHECK(server(url + ", headers: {Authorization: abc}")
        == "a header that carries a key names its variable, as in "
           "'Authorization: Bearer $API_KEY'");
  CHECK(server(url + ", headers: {Host: evil.example}")
        == "the header 'Host' is made by the tool itself");
  const auto key = server(url + ", headers: {X-A: Bearer abcdefgh}");
  CHECK_FALSE(key.empty());
  CHECK(key.find("abcdefgh") == std::string::npos);
  for (const std::string field :
       {"headers: {'a b': x}", "headers: {X-A: \"a\\nb\"}", "headers: {X-A: $}",
        "headers: {X-A: $a}", "headers: [x]", "allow: ['https://a.example']",
        "allow: ['a.example/x']", "allow: ['a b']", "redirects_max: 11",
        "response_max: 2MiB", "method: PATCH", "follow: true"}) {
    INFO(field);
    CHECK_FALSE(server(url + ", " + field).empty());
  }
  for (const std::string bad :
       {"https://{host}/", "ftp://a.example/", "https://u@a.example/"}) {
    INFO(bad);
    CHECK_FALSE(server("url: '" + bad + "'").empty());
  }
}
