#include "catalogue/model_reader.hpp"
#include "support/catch.hpp"
#include "troupe/runtime/catalogue.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace troupe;
using protocol::model_spec;
using protocol::money;

namespace {

/// A model that is right; `change` replaces one of its lines.
std::string model_text(const std::string& field = {},
                       const std::string& change = {}) {
  std::vector<std::pair<std::string, std::string>> lines{
      {"id", "id: acme/big"},
      {"provider", "provider: acme"},
      {"tier", "tier: advanced"},
      {"context_tokens", "context_tokens: 1000"},
      {"output_tokens", "output_tokens: 100"},
      {"prices", "prices: {input: 1, output: 2}"}};
  std::string text = "models:\n";
  std::string indent = "  - ";
  for (const auto& [name, line] : lines) {
    const auto& shown = name == field ? change : line;
    if (shown.empty())
      continue;
    text += indent + shown + '\n';
    indent = "    ";
  }
  return text;
}

struct reading {
  std::vector<model_spec> models;
  std::vector<problem> problems;
};

reading read(const std::string& text) {
  yaml::problems found{"m.yaml"};
  reading result;
  if (const auto root = yaml::parse(text, found))
    result.models = models::read_models(*root, found);
  result.problems = found.take();
  return result;
}

/// The only problem of `text`.
std::string problem_of(const std::string& text) {
  const auto result = read(text);
  REQUIRE(result.problems.size() == 1);
  return to_text(result.problems.front());
}

} // namespace

TEST_CASE("the built-in catalogue reads without a problem", "[catalogue]") {
  const auto result = read(std::string{models::built_in_text()});
  CHECK(to_text(result.problems).empty());
  CHECK(result.models.size() >= 24);
  std::set<std::string> providers;
  for (const auto& model : result.models)
    providers.insert(model.provider);
  CHECK(providers.size() >= 6);
  CHECK(catalogue::built_in().all().size() == result.models.size());
}

TEST_CASE("the built-in catalogue has a simulated model of every tier",
          "[catalogue]") {
  const auto& models = catalogue::built_in();
  const auto* expert = models.find("simulated/expert");
  REQUIRE(expert != nullptr);
  CHECK(expert->provider == "simulated");
  CHECK(expert->wire_name == "expert");
  CHECK(expert->level == protocol::tier::expert);
  CHECK(cost_of(*expert, {.input = 1000}) == money{15'000'000});
  REQUIRE(models.find("simulated/advanced") != nullptr);
  CHECK(models.find("simulated/advanced")->level == protocol::tier::advanced);
  REQUIRE(models.find("simulated/basic") != nullptr);
  CHECK(models.find("simulated/basic")->level == protocol::tier::basic);
}

TEST_CASE("a model with two price bands costs more above the border",
          "[catalogue]") {
  const auto* model = catalogue::built_in().find("anthropic/claude-sonnet-4-5");
  REQUIRE(model != nullptr);
  CHECK(cost_of(*model, {.input = 200'000}) == money{600'000'000});
  CHECK(cost_of(*model, {.input = 200'001}) == money{1'200'006'000});
  CHECK(cost_of(*model, {.cache_write_1h = 1000}) == money{6'000'000});
}

TEST_CASE("an unknown model is told with the nearest one", "[catalogue]") {
  const auto& models = catalogue::built_in();
  CHECK(models.find("openai/gpt-4.2") == nullptr);
  CHECK(models.suggestion_for("openai/gpt-4.2")
        == " (did you mean 'openai/gpt-4.1'?)");
  CHECK(models.suggestion_for("claude-haiku-4-5")
        == " (did you mean 'anthropic/claude-haiku-4-5'?)");
  CHECK(models.suggestion_for("something/else/entirely").empty());
  CHECK(models.find("") == nullptr);
}

TEST_CASE("of equal ids the last one counts", "[catalogue]") {
  model_spec one;
  one.id = "a/b";
  one.wire_name = "first";
  model_spec two = one;
  two.wire_name = "second";
  const catalogue both{{one, two}};
  CHECK(both.all().size() == 1);
  CHECK(both.find("a/b")->wire_name == "second");
  CHECK(both.extended(std::vector{one}).find("a/b")->wire_name == "first");
}

TEST_CASE("absent cache prices are what the tokens cost without a cache",
          "[catalogue]") {
  const auto result = read(model_text(
      "prices", "prices: {input: 0.25, output: 1.5 USD, cache_write: 0.5}"));
  CHECK(to_text(result.problems).empty());
  REQUIRE(result.models.size() == 1);
  const auto& model = result.models.front();
  CHECK(model.wire_name == "big");
  REQUIRE(model.prices.size() == 1);
  CHECK(model.prices[0].input == money{250'000'000});
  CHECK(model.prices[0].output == money{1'500'000'000});
  CHECK(model.prices[0].cache_read == money{250'000'000});
  CHECK(model.prices[0].cache_write == money{500'000'000});
  CHECK(model.prices[0].cache_write_1h == money{500'000'000});
}

TEST_CASE("a wrong field of a model is told with its place", "[catalogue]") {
  struct wrong {
    const char* field;
    const char* line;
    const char* problem;
  };
  for (const auto& [field, line, problem] : {
           wrong{"id", "", "m.yaml:2:5: 'id' is missing"},
           wrong{"id", "id: a b",
                 "m.yaml:2:9: 'id' must be 1 to 128 letters, digits or "
                 "'-_.:/@', not 'a b'"},
           wrong{"id", "id: other/big",
                 "m.yaml:2:5: 'wire_name' is missing: only an id that starts "
                 "with 'acme/' tells it"},
           wrong{"tier", "tier: advance",
                 "m.yaml:4:11: 'advance' is not one of basic, advanced, expert "
                 "(did you mean 'advanced'?)"},
           wrong{"tier", "teir: basic", "unknown key 'teir'"},
           wrong{"output_tokens", "output_tokens: 1001",
                 "m.yaml:6:20: 'output_tokens' is above 'context_tokens'"},
           wrong{"output_tokens", "output_tokens: 0", "m.yaml:6:20: "},
           wrong{"prices", "", "m.yaml:2:5: 'prices' is missing"},
           wrong{"prices", "prices: free",
                 "m.yaml:7:13: 'prices' must be fields"},
           wrong{"prices", "prices: {input: -1, output: 2}", "not '-1'"},
           wrong{"prices", "prices: {input: 1e3, output: 2}", "not '1e3'"},
           wrong{"prices", "prices: {input: 1}",
                 "m.yaml:7:13: 'output' is missing"},
           wrong{"prices", "prices: {input: 1, output: 2, cash_read: 1}",
                 "m.yaml:7:35: unknown key 'cash_read' (did you mean "
                 "'cache_read'?)"},
           wrong{"prices", "prices: {input: 1000001, output: 2}",
                 "'input' is above a million dollars"},
           wrong{"prices", "prices: [{prompt_above: 5, input: 1, output: 2}]",
                 "the first prices must hold from 0 tokens"},
           wrong{"prices",
                 "prices: [{input: 1, output: 2}, {input: 1, output: 2}]",
                 "'prompt_above' must be above 0"},
           wrong{"prices",
                 "prices: [{input: 1, output: 2}, "
                 "{prompt_above: 1000, input: 1, output: 2}]",
                 "these prices never hold"},
       }) {
    const auto result = read(model_text(field, line));
    const auto all = to_text(result.problems);
    INFO(all);
    CHECK(all.find(problem) != std::string::npos);
    CHECK(result.models.empty());
  }
}

TEST_CASE("two models with one id are a problem that names both lines",
          "[catalogue]") {
  auto text = model_text();
  text += text.substr(text.find('\n') + 1);
  CHECK(problem_of(text)
        == "m.yaml:8:5: a second model with id 'acme/big'; the first is in "
           "line 2");
}

TEST_CASE("all problems of a file of models come at once", "[catalogue]") {
  const auto result = read("modells: []\nmodels:\n"
                           "  - {id: a/b, provider: a, tier: huge}\n"
                           "  - 7\n");
  const auto all = to_text(result.problems);
  INFO(all);
  CHECK(all.find("m.yaml:1:1: unknown key 'modells' (did you mean 'models'?)")
        != std::string::npos);
  for (auto what : {"'huge' is not one of", "'context_tokens' is missing",
                    "'output_tokens' is missing", "'prices' is missing",
                    "m.yaml:4:5: expected fields here"})
    CHECK(all.find(what) != std::string::npos);
}

TEST_CASE("a file of models adds to the built-in ones or replaces them",
          "[catalogue]") {
  const auto path = std::filesystem::temp_directory_path()
                    / ("troupe_models_" + std::to_string(::getpid()));
  auto text = model_text();
  text += "  - id: simulated/basic\n    provider: simulated\n"
          "    tier: expert\n    context_tokens: 10\n    output_tokens: 5\n"
          "    prices: {input: 0, output: 0}\n";
  std::ofstream{path} << text;
  const auto loaded = load_catalogue(path);
  CHECK(to_text(loaded.problems).empty());
  CHECK(loaded.models.all().size() == catalogue::built_in().all().size() + 1);
  REQUIRE(loaded.models.find("acme/big") != nullptr);
  CHECK(loaded.models.find("simulated/basic")->level == protocol::tier::expert);
  CHECK(std::is_sorted(
      loaded.models.all().begin(), loaded.models.all().end(),
      [](const model_spec& a, const model_spec& b) { return a.id < b.id; }));

  std::ofstream{path} << model_text("tier", "tier: none");
  const auto refused = load_catalogue(path);
  CHECK(refused.problems.size() == 1);
  CHECK(refused.models.find("acme/big") == nullptr);
  CHECK(refused.models.all().size() == catalogue::built_in().all().size());
  std::filesystem::remove(path);
  CHECK(load_catalogue(path).problems.size() == 1);
}

TEST_CASE("a model may be kept for calls that name it", "[catalogue]") {
  const auto result = read(model_text() + "    pinned_only: true\n");
  CHECK(to_text(result.problems).empty());
  REQUIRE(result.models.size() == 1);
  CHECK(result.models.front().pinned_only);
}
