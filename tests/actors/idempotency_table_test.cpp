#include "idempotency_table.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <map>
#include <optional>

using namespace std::chrono_literals;
using namespace troupe;
using actors::idempotency_limits;

namespace {

using table = actors::idempotency_table<std::string, int>;
using step = table::step;

constexpr protocol::instant start{std::chrono::seconds{1'800'000'000}};
constexpr protocol::id body{1, 1};
constexpr protocol::id other_body{2, 2};

} // namespace

TEST_CASE("R8: the first request with a key is worked on, a second one waits",
          "[idempotency_table]") {
  table keys;
  CHECK(keys.begin("k", body, 1, start) == step::start);
  CHECK(keys.begin("k", body, 2, start) == step::wait);
  CHECK(keys.finish("k", "done", 4, start) == std::vector<int>{1, 2});
  CHECK(keys.begin("k", body, 3, start) == step::repeat);
  CHECK(keys.answer_of("k") == "done");
}

TEST_CASE("R8: a key that is used for another body is a conflict",
          "[idempotency_table]") {
  table keys;
  REQUIRE(keys.begin("k", body, 1, start) == step::start);
  CHECK(keys.begin("k", other_body, 2, start) == step::conflict);
  keys.finish("k", "done", 4, start);
  CHECK(keys.begin("k", other_body, 2, start) == step::conflict);
}

TEST_CASE("work that may be tried again starts anew under its key",
          "[idempotency_table]") {
  table keys;
  REQUIRE(keys.begin("k", body, 1, start) == step::start);
  CHECK(keys.abandon("k") == std::vector<int>{1});
  CHECK(keys.begin("k", body, 2, start) == step::start);
}

TEST_CASE("an answer is remembered for the whole window and no longer",
          "[idempotency_table]") {
  idempotency_limits limits;
  limits.window = 24h;
  table keys{limits};
  REQUIRE(keys.begin("k", body, 1, start) == step::start);
  keys.finish("k", "done", 4, start);
  CHECK(keys.begin("k", body, 2, start + 24h - 1ns) == step::repeat);
  CHECK(keys.begin("k", body, 3, start + 24h) == step::start);
}

TEST_CASE("a table of open requests is full, one of answers makes room",
          "[idempotency_table]") {
  idempotency_limits limits;
  limits.keys_max = 2;
  limits.waiting_max = 1;
  table keys{limits};
  REQUIRE(keys.begin("a", body, 1, start) == step::start);
  REQUIRE(keys.begin("b", body, 2, start) == step::start);
  CHECK(keys.begin("c", body, 3, start) == step::full);
  CHECK(keys.begin("a", body, 4, start) == step::wait);
  CHECK(keys.begin("a", body, 5, start) == step::full);
  keys.finish("a", "done", 4, start);
  CHECK(keys.begin("c", body, 6, start) == step::start);
  CHECK(keys.begin("a", body, 7, start) == step::full); // forgotten, no room
}

TEST_CASE("R8: random requests never start a key twice while it is known",
          "[idempotency_table]") {
  const std::uint64_t seed = 88;
  INFO("seed " << seed);
  protocol::test::random_source random{seed};
  idempotency_limits limits;
  limits.keys_max = 20;
  limits.bytes_max = 300;
  limits.window = 50s;
  table keys{limits};
  std::map<std::string, std::vector<int>> open; // a plain account of it
  auto now = start;
  for (int i = 0; i < 20'000; ++i) {
    now += std::chrono::seconds{random.below(5)};
    const auto key = std::to_string(random.below(40));
    const auto found = open.find(key);
    if (found != open.end() && random.coin()) {
      const auto waiters = random.below(4) == 0
                               ? keys.abandon(key)
                               : keys.finish(key, key, random.below(60), now);
      REQUIRE(waiters == found->second);
      open.erase(found);
    } else {
      const auto outcome = keys.begin(key, body, i, now);
      if (found != open.end()) {
        REQUIRE(outcome == step::wait);
        found->second.push_back(i);
      } else if (outcome == step::start) {
        open[key] = {i};
      } else if (outcome == step::repeat) {
        REQUIRE(keys.answer_of(key) == key);
      }
    }
    REQUIRE(keys.size() <= limits.keys_max);
    REQUIRE(keys.bytes() <= limits.bytes_max);
    REQUIRE(open.size() <= keys.size());
  }
}
