#include "support/catch.hpp"
#include "troupe/actors/gate.hpp"

#include <chrono>

using namespace troupe;
using actors::check_gate;
using protocol::gate_spec;

namespace {

using inputs = std::vector<protocol::task_input>;

const inputs report{
    {"report", "The northern sea wall moved by forty centimetres."},
    {"costs", "Repairs will cost two million crowns."}};

gate_spec needs(std::vector<std::string> phrases) {
  gate_spec out;
  out.must_mention = std::move(phrases);
  return out;
}

} // namespace

TEST_CASE("an empty gate lets everything pass", "[gate]") {
  CHECK_FALSE(check_gate({}, "", {}).has_value());
  CHECK_FALSE(check_gate({}, "anything", {}).has_value());
}

TEST_CASE("a gate holds the number of words", "[gate]") {
  gate_spec gate;
  gate.words_min = 2;
  gate.words_max = 3;
  CHECK_FALSE(check_gate(gate, "one two", {}));
  CHECK_FALSE(check_gate(gate, "one - two, three.", {}));
  CHECK(check_gate(gate, "one", {})
        == "The answer has 1 word but needs at least 2 words.");
  CHECK(check_gate(gate, "a b c d", {})
        == "The answer has 4 words but needs at most 3 words.");
}

TEST_CASE("a phrase is met whole, whatever its case and line breaks",
          "[gate]") {
  CHECK_FALSE(check_gate(needs({"sea wall"}), "The SEA\n  wall.", {}));
  CHECK_FALSE(check_gate(needs({"C++"}), "In C++ only", {}));
  CHECK_FALSE(check_gate(needs({"天下"}), "今天下雨", {}));
  CHECK_FALSE(check_gate(needs({"", "  "}), "nothing", {}));
  CHECK_FALSE(check_gate(needs({"aab"}), "xaab aab", {}));
  CHECK(
      check_gate(needs({"sea wall", "port"}), "seawall, airport, sea walls", {})
      == "The answer does not mention 'sea wall', 'port'.");
  CHECK(check_gate(needs({"naïv"}), "naïve", {}).has_value());
}

TEST_CASE("a gate turns down what must not be said", "[gate]") {
  gate_spec gate;
  gate.must_not_mention = {"as an AI", "sorry"};
  CHECK_FALSE(check_gate(gate, "A fine answer.", {}));
  CHECK(check_gate(gate, "As an ai, I am sorry.", {})
        == "The answer must not mention 'as an AI', 'sorry'.");
}

TEST_CASE("an answer is grounded by the share of its sentences", "[gate]") {
  gate_spec gate;
  gate.grounded_permille = 600;
  CHECK_FALSE(check_gate(
      gate, "The wall moved forty centimetres. Repairs cost millions.",
      report));
  CHECK(check_gate(gate,
                   "The wall moved forty centimetres. Dragons burned "
                   "everything yesterday.",
                   report)
        == "The answer has 500 of 1000 sentences grounded in the inputs but "
           "needs 600.");
  CHECK(check_gate(gate, "", report).has_value());
  CHECK_FALSE(check_gate(gate, "northern sea wall", report).has_value());
  CHECK(check_gate(gate, "southern river dam", report).has_value());
  CHECK(actors::grounded_permille("It is so. Yes.", report) == 1000);
  CHECK(actors::grounded_permille("The northern wall.", {}) == 0);
}

TEST_CASE("all checks that fail are told at once", "[gate]") {
  auto gate = needs({"budget"});
  gate.words_min = 9;
  gate.must_not_mention = {"dragons"};
  gate.grounded_permille = 1000;
  const auto reason = check_gate(gate, "Dragons burned everything.", report);
  REQUIRE(reason.has_value());
  for (const auto* part :
       {"at least 9 words", "'budget'", "'dragons'", "0 of 1000"})
    CHECK(reason->find(part) != std::string::npos);
}

TEST_CASE("long lists of phrases are told in part", "[gate]") {
  gate_spec gate;
  for (int i = 0; i < 25; ++i)
    gate.must_mention.push_back("phrase" + std::to_string(i));
  const auto reason = check_gate(gate, "no", {});
  REQUIRE(reason.has_value());
  CHECK(reason->find("'phrase9' and 15 more.") != std::string::npos);
}

TEST_CASE("a gate's time does not explode on hostile text", "[gate]") {
  const std::string output(2U << 20U, 'a');
  gate_spec gate;
  gate.must_mention = {std::string(2000, 'a') + "b"};
  gate.grounded_permille = 1;
  const auto start = std::chrono::steady_clock::now();
  CHECK(check_gate(gate, output, {{"x", output}}).has_value());
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{5});
  CHECK(check_gate(gate, std::string(5U << 20U, 'a'), {})
        == "The answer has more than 4 MiB.");
}
