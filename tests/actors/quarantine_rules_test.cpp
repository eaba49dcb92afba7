#include "support/catch.hpp"

#include <troupe/actors/quarantine_book.hpp>

#include <random>
#include <set>

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;

namespace {

protocol::perform_task task(const std::string& prompt) {
  protocol::perform_task what;
  what.task = "t";
  what.prompt = prompt;
  return what;
}

protocol::id digest(std::uint64_t number) {
  return {number, number};
}

quarantine_rules rules_of(const quarantine_limits& limits) {
  return {limits, [](const std::string& text) {
            return text;
          }};
}

protocol::message_crash crash(const std::string& agent) {
  return {{}, agent, "exception: boom"};
}

} // namespace

TEST_CASE("the crash that is one too many holds a message back",
          "[quarantine_rules]") {
  auto rules = rules_of({3});
  const auto bad = task("bad");
  for (const auto* agent : {"a", "b"}) {
    CHECK(rules.crashed(digest(1), bad, crash(agent)).has_value());
    CHECK(rules.admit(digest(1)).has_value());
  }
  const auto third = rules.crashed(digest(1), bad, crash("a"));
  REQUIRE(third.has_error());
  CHECK(third.error().code == errc::quarantined);
  CHECK(third.error().detail
        == "3 crashes over it: a: exception: boom; b: exception: boom; a: "
           "exception: boom; kept as "
               + to_string(digest(1)));
  for (int i = 0; i < 2; ++i)
    CHECK(rules.admit(digest(1)).error().code == errc::quarantined);
  const auto kept = rules.held();
  REQUIRE(kept.size() == 1);
  CHECK(kept[0].prompt == "bad");
  CHECK(kept[0].count == 3);
  CHECK(kept[0].refused == 2);
  CHECK(kept[0].crashes.size() == 3);
}

TEST_CASE("a message that goes well is forgotten, unless it is held",
          "[quarantine_rules]") {
  auto rules = rules_of({2});
  CHECK(rules.crashed(digest(1), task("x"), crash("a")).has_value());
  rules.went_well(digest(1));
  CHECK(rules.size() == 0);
  CHECK(rules.crashed(digest(1), task("x"), crash("a")).has_value());
  CHECK(rules.crashed(digest(1), task("x"), crash("a")).has_error());
  rules.went_well(digest(1)); // an answer that was under way
  CHECK(rules.admit(digest(1)).has_error());
}

TEST_CASE("a message that was released is like any other",
          "[quarantine_rules]") {
  auto rules = rules_of({1});
  CHECK_FALSE(rules.release(digest(1)));
  CHECK(rules.crashed(digest(1), task("x"), crash("a")).has_error());
  CHECK(rules.release(digest(1)));
  CHECK_FALSE(rules.release(digest(1)));
  CHECK(rules.admit(digest(1)).has_value());
  CHECK(rules.held().empty());
}

TEST_CASE("what is kept of a message is cut, and no secret is in it",
          "[quarantine_rules]") {
  quarantine_limits limits{1};
  limits.bytes_max = 40;
  limits.crashes_max = 2;
  auto rules = quarantine_rules{limits, [](const std::string& text) {
                                  return text == "secret"
                                             ? std::string{"[redacted]"}
                                             : text;
                                }};
  auto what = task("secret");
  what.inputs = {{"one", std::string(100, 'x')}, {"two", "y"}};
  auto how = crash("a");
  how.why = std::string(1'000, 'w');
  for (int i = 0; i < 3; ++i)
    CHECK(rules.crashed(digest(1), what, how).has_error());
  const auto kept = rules.held().at(0);
  CHECK(kept.prompt == "[redacted]");
  REQUIRE(kept.inputs.size() == 1);
  CHECK(kept.inputs[0].text.size() == 40 - 10 - 3);
  CHECK(kept.crashes.size() == 2);
  CHECK(kept.crashes[0].why.size() == 256);
  CHECK(kept.count == 3);
}

TEST_CASE("of random crashes no more is remembered than there is room for",
          "[quarantine_rules]") {
  const auto seed = GENERATE(range(1U, 21U));
  CAPTURE(seed);
  std::mt19937 random{seed};
  quarantine_limits limits{2};
  limits.messages_max = 5;
  auto rules = rules_of(limits);
  std::set<std::uint64_t> ever_held;
  for (int i = 0; i < 500; ++i) {
    const auto which = std::uint64_t{random() % 12 + 1};
    if (random() % 4 == 0)
      rules.went_well(digest(which));
    else if (rules.crashed(digest(which), task("x"), crash("a")).has_error())
      ever_held.insert(which);
    REQUIRE(rules.size() <= limits.messages_max);
    for (const auto& it : rules.held()) {
      REQUIRE(it.count >= limits.crashes);
      REQUIRE(ever_held.count(it.digest.high) == 1);
    }
  }
  CHECK_FALSE(ever_held.empty());
}

TEST_CASE("messages that are not held make room first", "[quarantine_rules]") {
  quarantine_limits limits{2};
  limits.messages_max = 2;
  auto rules = rules_of(limits);
  for (int i = 0; i < 2; ++i)
    (void)rules.crashed(digest(1), task("held"), crash("a"));
  (void)rules.crashed(digest(2), task("x"), crash("a"));
  (void)rules.crashed(digest(3), task("y"), crash("a"));
  CHECK(rules.admit(digest(1)).has_error());
  CHECK_FALSE(rules.find(digest(2)).has_value());
  CHECK(rules.find(digest(3)).has_value());
}

TEST_CASE("prompt and inputs say which message it is, and nothing else does",
          "[quarantine_book]") {
  quarantine_book book{{1}, {}};
  auto bad = task("bad");
  CHECK(book.admit(bad).has_value());
  CHECK(book.crashed(bad, "a", "exception: boom", {}).has_error());
  bad.attempt = 7;
  bad.feedback = "again";
  bad.account = "t/other";
  bad.task = "other";
  CHECK(book.admit(bad).error().code == errc::quarantined);
  bad.inputs = {{"one", "text"}};
  CHECK(book.admit(bad).has_value());
  CHECK(book.admit(task("good")).has_value());
}

TEST_CASE("secrets that it was told are not kept", "[quarantine_book]") {
  quarantine_book book{{1}, {"very-secret-value"}};
  const auto what = task("use very-secret-value and sk-0123456789abcdefghijkl");
  CHECK(book.crashed(what, "a", "no very-secret-value", {}).has_error());
  const auto kept = book.held().at(0);
  CHECK(kept.prompt.find("very-secret-value") == std::string::npos);
  CHECK(kept.prompt.find("sk-0123456789") == std::string::npos);
  CHECK(kept.crashes[0].why.find("very-secret") == std::string::npos);
}
