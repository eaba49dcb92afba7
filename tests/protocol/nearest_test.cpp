#include "support/catch.hpp"
#include "troupe/protocol/nearest.hpp"

namespace troupe::protocol {

namespace {

const std::vector<std::string> fields{"prompt", "model", "attempt", "inputs"};

} // namespace

TEST_CASE("a slip of the finger finds the field that was meant", "[nearest]") {
  CHECK(nearest("promt", fields) == "prompt");
  CHECK(nearest("mdoel", fields) == "model"); // a swap is one edit
  CHECK(nearest("atempts", fields) == "attempt");
  CHECK(nearest("inputs", fields) == "inputs");
  CHECK(did_you_mean("promt", fields) == " (did you mean 'prompt'?)");
}

TEST_CASE("a word far from all has no nearest", "[nearest]") {
  CHECK(nearest("zebra-crossing", fields).empty());
  CHECK(nearest("xyz", fields).empty());
  CHECK(nearest("", fields).empty());
  CHECK(nearest("prompt", {}).empty());
  CHECK(did_you_mean("xyz", fields).empty());
}

TEST_CASE("words over 64 characters have no nearest", "[nearest]") {
  const std::vector<std::string> candidates{std::string(64, 'a'),
                                            std::string(65, 'a')};
  CHECK(nearest(std::string(65, 'a'), candidates).empty());
  CHECK(nearest(std::string(64, 'a'), candidates) == candidates[0]);
}

} // namespace troupe::protocol
