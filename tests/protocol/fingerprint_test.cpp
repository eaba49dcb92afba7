#include "support/catch.hpp"
#include "support/protocol/random_message.hpp"
#include "troupe/protocol/byte_size.hpp"
#include "troupe/protocol/fingerprint.hpp"

#include <set>

using namespace troupe::protocol;

TEST_CASE("equal bodies have equal fingerprints, others differ",
          "[fingerprint]") {
  const std::uint64_t seed = 20261121;
  INFO("seed " << seed);
  test::random_source source{seed};
  std::set<id> seen;
  std::vector<perform_task> bodies;
  for (int i = 0; i < 2'000; ++i) {
    auto body = test::random<perform_task>(source);
    if (std::find(bodies.begin(), bodies.end(), body) == bodies.end()) {
      CHECK(seen.insert(fingerprint_of(body)).second);
      bodies.push_back(body);
    }
    CHECK(fingerprint_of(body) == fingerprint_of(perform_task{body}));
  }
}

TEST_CASE("text that moves from one field to the next changes the fingerprint",
          "[fingerprint]") {
  const task_input left{"ab", "c"};
  const task_input right{"a", "bc"};
  CHECK(fingerprint_of(left) != fingerprint_of(right));
}

TEST_CASE("a fingerprint is the same in every process", "[fingerprint]") {
  CHECK(to_string(fingerprint_of(task_input{"name", "text"}))
        == "cb730af7-7bdb-ca13-ddd3-1794aad95bc0");
}

TEST_CASE("the byte size of a value counts the text it owns", "[byte_size]") {
  perform_task body;
  const auto empty = byte_size(body);
  CHECK(empty == sizeof(perform_task));
  body.prompt.assign(1'000, 'x');
  CHECK(byte_size(body) == empty + 1'000);
  body.inputs.push_back({"n", std::string(500, 'y')});
  CHECK(byte_size(body) == empty + 1'501 + sizeof(task_input));
}
