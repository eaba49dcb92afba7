#include "config/config_reader.hpp"
#include "roster/agent_reader.hpp"
#include "support/catch.hpp"
#include "troupe/runtime/mission_file.hpp"
#include "troupe/runtime/roster.hpp"
#include "yaml/file.hpp"

#include <array>
#include <cstdint>

using namespace troupe;

namespace {

constexpr std::uint64_t seed = 20'240'611;

/// splitmix64: the same numbers everywhere.
class random_numbers {
public:
  explicit random_numbers(std::uint64_t start) : state_{start} {}

  std::size_t below(std::size_t bound) {
    state_ += 0x9E3779B97F4A7C15U;
    auto z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % bound);
  }

private:
  std::uint64_t state_;
};

std::string mutated(std::string text, random_numbers& random) {
  constexpr std::array<std::string_view, 16> tokens{
      "&a ",  "*a", "[",    "{",  "}", ": ",   "- ", "\n---\n",
      "!!x ", "? ", "| \n", "\"", "'", "\xC3", "-1", "~"};
  for (auto steps = 1 + random.below(4); steps > 0; --steps) {
    const auto at = random.below(text.size());
    const auto size = std::min(text.size() - at, 1 + random.below(30));
    switch (random.below(4)) {
    case 0:
      text[at] = static_cast<char>(random.below(256));
      break;
    case 1:
      text.erase(at, size);
      break;
    case 2:
      text.insert(random.below(text.size()), text.substr(at, size));
      break;
    default:
      text.insert(at, tokens[random.below(tokens.size())]);
    }
    if (text.empty())
      text = "x";
  }
  return text;
}

std::string example(const std::string& name) {
  auto text = yaml::read_file(TROUPE_SOURCE_DIR "/examples/" + name, 1U << 20U);
  REQUIRE(text.has_value());
  return *text;
}

/// Calls `read` with many damaged copies; it says whether problems were found.
template <class F>
void damage(const std::string& text, int rounds, F read) {
  random_numbers random{seed};
  int refused = 0;
  for (int i = 0; i < rounds; ++i)
    refused += read(mutated(text, random)) ? 1 : 0;
  INFO("seed " << seed);
  CHECK(refused > rounds / 4);
}

} // namespace

TEST_CASE("a damaged mission gives problems or a mission, never a crash",
          "[mission_file]") {
  damage(example("missions/crew-of-8.yaml"), 1'000, [](const auto& text) {
    auto loaded = parse_mission(text, "m");
    CHECK(loaded.mission.has_value() == loaded.problems.empty());
    return !loaded.problems.empty();
  });
}

TEST_CASE("a damaged split gives problems or parts, never a crash",
          "[mission_file]") {
  const std::string text =
      "mission: m\ninputs:\n  x: {text: \"# a\\nb\\n\\n# c\\nd\", split: "
      "{by: heading, pattern: '#', parts_max: 9, chars_max: 100}}\nagents: "
      "[{name: a, skills: [s], instructions: Read the text from end to end "
      "and report it.}]\ntasks:\n  - {id: t, agent: a, foreach: x, prompt: "
      "'{{part}} {{title}}', gate: {words_min: 3}}\n  - {id: u, agent: a, "
      "needs: [t], prompt: join}\n";
  REQUIRE(parse_mission(text, "m").problems.empty());
  damage(text, 3'000, [](const auto& damaged) {
    return !parse_mission(damaged, "m").problems.empty();
  });
}

TEST_CASE("a damaged roster gives problems or agents, never a crash",
          "[roster]") {
  damage(example("roster/debugger.yaml"), 1'000, [](const auto& text) {
    yaml::problems found{"a"};
    if (auto root = yaml::parse(text, found)) {
      auto draft =
          roster::read_agent(*root, roster::tier_rule::required, found);
      roster::verify({draft}, {}, found);
    }
    return !found.empty();
  });
}

TEST_CASE("a damaged configuration gives problems or a config, never a crash",
          "[config]") {
  const std::string text =
      "threads: 4\nbudget: 50 USD\ncatalogue: [m.yaml]\ntokens:\n  ranks: "
      "{o200k: a/b}\nproviders:\n  local:\n    kind: openai_chat\n    "
      "base_url: http://127.0.0.1:80/v1\n    headers: {a: b}\n    timeouts: "
      "{connect: 1s}\nlog: {level: info}\nrouting: {tiers: {low: basic}}\n";
  damage(text, 3'000, [](const auto& damaged) {
    yaml::problems found{"c"};
    if (auto root = yaml::parse(damaged, found)) {
      config::hide_keys(*root, found);
      auto config = config::read_config(*root, "folder", found);
      for (auto& one : check_config(config))
        found.add(std::move(one.message));
    }
    return !found.empty();
  });
}
