// Random trees and crashes on real supervisors and on their rules.
#include "support/actors/play_on_actors.hpp"
#include "support/catch.hpp"
#include "support/rounds.hpp"

using namespace troupe::test;

namespace {

/// Answers as actors give them.
std::string together(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& it : lines) {
    const bool is_answer = it.front() == '=' && it != "= gone";
    const bool is_good = it == "= done" || it == "= ignored" || it == "= ok";
    text += !is_answer ? it : is_good ? "= ok" : "= refused";
    text += '\n';
  }
  return text;
}

} // namespace

TEST_CASE("random trees and crashes go on actors as on the rules",
          "[supervisor]") {
  for (std::uint64_t seed = 1; seed <= rounds(300); ++seed) {
    INFO("seed " << seed);
    const auto play = random_play(seed);
    CHECK(together(in_one_order(lines_on_actors(play)))
          == together(in_one_order(lines_of(play))));
  }
}
