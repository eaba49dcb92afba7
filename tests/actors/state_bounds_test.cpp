#include "state_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::state_operation;
using test::put;
using test::remove_key;
using test::state_desk;

namespace {

errc code_of(const protocol::result<protocol::state_written>& outcome) {
  return outcome ? errc::internal : outcome.error().code;
}

} // namespace

TEST_CASE("bad keys, values and changes are refused", "[state_bounds]") {
  state_desk it;
  const auto is_refused = [&](std::vector<protocol::state_write> changes) {
    return code_of(it.write(std::move(changes))) == errc::invalid_request;
  };
  CHECK(is_refused({}));
  CHECK(is_refused({put("", "1")}));
  CHECK(is_refused({put(std::string(257, 'k'), "1")}));
  CHECK(is_refused({put("a\n", "1")}));
  CHECK(is_refused({put("a", "")}));
  CHECK(is_refused({put("a", "{")}));
  CHECK(is_refused({put("a", "1"), remove_key("a")}));
  auto timed = put("a", "1");
  timed.ttl = -1ns;
  CHECK(is_refused({timed}));
  timed.ttl = std::chrono::days{3651};
  CHECK(is_refused({timed}));
  timed.operation = state_operation::remove;
  CHECK(is_refused({timed}));
  CHECK(is_refused({{"a", state_operation::check}}));
  CHECK(it.rules.revision() == 0);
  CHECK(it.write({put(std::string(256, 'k'), "1")}));
}

TEST_CASE("a full store refuses new keys and takes shorter values",
          "[state_bounds]") {
  state_limits limits;
  limits.keys = 2;
  limits.bytes = 2 * (1 + 3 + 128);
  state_desk it{limits};
  REQUIRE(it.write({put("a", "111"), put("b", "222")}));
  CHECK(code_of(it.write({put("c", "3")})) == errc::limit_exceeded);
  CHECK(code_of(it.write({put("a", "1111")})) == errc::limit_exceeded);
  CHECK(it.write({put("a", "1")}));
  CHECK(it.write({put("b", "22222")}));
  CHECK(it.write({remove_key("a"), put("c", "3")}));
  CHECK(it.rules.figures().keys == 2);
}

TEST_CASE("a transaction has bounds of its own", "[state_bounds]") {
  state_limits limits;
  limits.changes = 2;
  limits.value_bytes = 10;
  limits.change_bytes = 2 * (1 + 6 + 128);
  state_desk it{limits};
  CHECK(code_of(it.write({put("a", "1"), put("b", "1"), put("c", "1")}))
        == errc::limit_exceeded);
  CHECK(code_of(it.write({put("a", "12345678901")})) == errc::limit_exceeded);
  CHECK(code_of(it.write({put("a", "1234567"), put("b", "123456")}))
        == errc::limit_exceeded);
  CHECK(it.write({put("a", "123456"), put("b", "123456")}));
}

TEST_CASE("the past is forgotten within its bounds", "[state_bounds]") {
  state_limits limits;
  limits.history = 4;
  limits.history_bytes = 4'000;
  limits.deleted_keys = 5;
  limits.log_commits = 10;
  limits.log_bytes = 2'000;
  state_desk it{limits};
  for (int i = 0; i < 2'000; ++i) {
    const auto key = "k" + std::to_string(i % 50);
    REQUIRE(it.write({i % 3 == 2 ? remove_key(key) : put(key, "\"value\"")}));
    const auto now = it.rules.figures();
    REQUIRE(now.history_bytes <= limits.history_bytes);
    REQUIRE(now.deleted_keys <= limits.deleted_keys);
    REQUIRE(now.log_commits <= limits.log_commits);
    REQUIRE(now.log_bytes <= limits.log_bytes);
    REQUIRE(now.keys <= 50);
  }
}

TEST_CASE("subscriptions have a bound, and those that end make room",
          "[state_bounds]") {
  state_limits limits;
  limits.subscriptions = 2;
  state_desk it{limits};
  const auto first = it.follow("a", false, 1);
  REQUIRE(first);
  REQUIRE(it.follow("a", false, 1));
  const auto full = it.rules.subscribe({"a", false, 0, 1}, {2, 2}, 9, it.now);
  REQUIRE_FALSE(full);
  CHECK(full.error().code == errc::overloaded);
  CHECK(it.rules.followers().remove(first));
  CHECK(it.follow("a", false, 1));
  CHECK(it.rules.figures().subscriptions == 2);
}

TEST_CASE("a subscription needs a good window, key and revision",
          "[state_bounds]") {
  state_desk it;
  CHECK_FALSE(it.follow("a", false, 0));
  CHECK_FALSE(it.follow("a", false, 10'001));
  CHECK_FALSE(it.follow("", false, 1));
  CHECK_FALSE(it.follow("a", false, 1, 1));
  CHECK(it.follow("", true, 10'000));
  CHECK(it.rules.figures().subscriptions == 1);
}

TEST_CASE("the subscriptions of one follower do not overlap",
          "[state_bounds]") {
  state_desk it;
  const auto add = [&](const std::string& key, bool is_prefix) {
    const protocol::id name{3, ++it.names};
    return it.rules.subscribe({key, is_prefix, 0, 1}, name, 77, it.now)
        .has_value();
  };
  CHECK(add("a/", true));
  CHECK(add("b", false));
  CHECK_FALSE(add("a/x", false));
  CHECK_FALSE(add("a/x", true));
  CHECK_FALSE(add("a", true));
  CHECK_FALSE(add("", true));
  CHECK_FALSE(add("b", false));
  CHECK(add("ba", true));
  CHECK(it.rules.followers().remove_owner(77).size() == 3);
  CHECK(add("", true));
}
