#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "troupe/actors/task_complexity.hpp"

#include <string>
#include <utility>
#include <vector>

using namespace troupe::actors;
using troupe::protocol::test::random_source;

namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

} // namespace

TEST_CASE("the type of a task is read from its prompt", "[task_complexity]") {
  const std::vector<std::pair<std::string, task_type>> cases{
      {"", task_type::general},
      {"Thank you.", task_type::general},
      {"Who was the first emperor of Rome?", task_type::question},
      {"Which is larger?\nA) the moon\nB) the earth\nAnswer:",
       task_type::choice},
      {"Write a function to get the angle of a complex number.",
       task_type::code},
      {"for (int i = 0; i < n; ++i) { sum += a[i]; } x();", task_type::code},
      {"Let $x^2 + \\frac{1}{2} = 3$. Find $x$.", task_type::maths},
      {"Wendi has 20 chickens and gives each 3 cups. How many cups are that?",
       task_type::maths},
      {"Translate into French: good morning.", task_type::translation},
      {"Write an essay on tides.", task_type::writing},
      {"Extract the names as JSON.", task_type::extraction},
  };
  for (const auto& [text, type] : cases) {
    CAPTURE(text);
    CHECK(static_cast<int>(analyse_complexity(text).type)
          == static_cast<int>(type));
  }
}

TEST_CASE("more conditions, numbers and formulas make a task more complex",
          "[task_complexity]") {
  const auto of = [](std::string_view text) {
    return analyse_complexity(text).permille;
  };
  CHECK(of("") == 0);
  const auto plain = of("Name a colour.");
  const auto bound = of("Name a colour that must be in every flag and that, "
                        "unless given, at least 3 and at most 7 others have.");
  const auto formal = of("Prove that $\\sum_{k=1}^{n} k^3 = "
                         "\\left(\\frac{n(n+1)}{2}\\right)^2$ for every n, if "
                         "only the case $n = 1$ is given.");
  CHECK(plain < bound);
  CHECK(bound < formal);
}

TEST_CASE("any bytes have a complexity within its bounds, always the same",
          "[task_complexity]") {
  const auto seed = GENERATE(as<std::uint64_t>{}, 1, 2, 3);
  CAPTURE(seed);
  random_source source{seed};
  for (int round = 0; round < 300; ++round) {
    std::string text(source.below(3'000), '\0');
    for (auto& c : text)
      c = static_cast<char>(source.below(256));
    const auto first = analyse_complexity(text);
    REQUIRE(first.permille <= 1'000);
    REQUIRE(static_cast<std::size_t>(first.type) < task_types);
    REQUIRE(first == analyse_complexity(text));
  }
}

TEST_CASE("the middle of a very long text is not read", "[task_complexity]") {
  const auto half = repeated("plain words ", 2'000);
  const auto hostile = repeated("\\frac{1}{2}^^^", 100'000);
  CHECK(analyse_complexity(half + hostile + half)
        == analyse_complexity(half + half));
}
