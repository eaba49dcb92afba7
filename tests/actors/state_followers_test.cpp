#include "state_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::state_resync;
using protocol::subscription_gap;
using test::put;
using test::remove_key;
using test::state_desk;

namespace {

/// "r7 a b" is a resync, "g3-6" a gap, "u8 a" an update.
std::string text_of(const state_delivery& it) {
  std::string text;
  if (const auto* update = std::get_if<shared_update>(&it.message)) {
    const auto& body = (*update)->get().body;
    text = "u" + std::to_string(body.revision);
    for (const auto& change : body.changes)
      text += " " + change.key;
  } else if (const auto* gap = std::get_if<subscription_gap>(&it.message)) {
    text = "g" + std::to_string(gap->first) + "-" + std::to_string(gap->last);
  } else {
    const auto& part = std::get<state_resync>(it.message);
    text = "r" + std::to_string(part.revision);
    for (const auto& entry : part.entries)
      text += " " + entry.key;
    text += part.is_last ? "" : " ...";
  }
  return text;
}

std::string text_of(const std::vector<state_delivery>& all) {
  std::string text;
  for (const auto& it : all)
    text += (text.empty() ? "" : ", ") + text_of(it);
  return text;
}

} // namespace

TEST_CASE("P3: a follower gets the state at a revision and then the next",
          "[state_followers]") {
  state_desk it;
  REQUIRE(it.write({put("a", "1")}));
  REQUIRE(it.write({put("b", "1")}));
  REQUIRE(it.follow("a", false, 10));
  REQUIRE(it.write({put("a", "2")}));
  REQUIRE(it.write({put("b", "2")}));
  REQUIRE(it.write({remove_key("a")}));
  CHECK(text_of(it.sent()) == "r2 a, u3 a, u5 a");
}

TEST_CASE("a prefix is followed, and the empty one is all keys",
          "[state_followers]") {
  state_desk it;
  REQUIRE(it.follow("a/", true, 10));
  REQUIRE(it.follow("", true, 10));
  CHECK(text_of(it.sent()) == "r0, r0");
  REQUIRE(it.write({put("a/1", "1")}));
  CHECK(it.sent().size() == 2);
  REQUIRE(it.write({put("a", "1")}));
  CHECK(it.sent().size() == 1);
}

TEST_CASE("P6: a follower sees of a commit all that it follows, at once",
          "[state_followers]") {
  state_desk it;
  REQUIRE(it.follow("", true, 10));
  REQUIRE(it.follow("a/", true, 10));
  REQUIRE(it.follow("a/", true, 10));
  REQUIRE(it.follow("b", false, 10));
  (void)it.sent();
  REQUIRE(it.write({put("a/1", "1"), put("b", "1"), put("a/2", "1")}));
  const auto sent = it.sent();
  CHECK(text_of(sent) == "u1 a/1 b a/2, u1 a/1 a/2, u1 a/1 a/2, u1 b");
  // Those who get the same get the same body.
  CHECK(std::get<shared_update>(sent[1].message)
        == std::get<shared_update>(sent[2].message));
}

TEST_CASE("all who get a whole commit share its body", "[state_followers]") {
  state_desk it;
  for (int i = 0; i < 3; ++i)
    REQUIRE(it.follow("a", false, 10));
  (void)it.sent();
  REQUIRE(it.write({put("a", "1")}));
  const auto sent = it.sent();
  REQUIRE(sent.size() == 3);
  CHECK(std::get<shared_update>(sent[0].message)
        == std::get<shared_update>(sent[2].message));
}

TEST_CASE("M4: without credit nothing is sent, and nothing is lost",
          "[state_followers]") {
  state_desk it;
  const auto name = it.follow("", true, 2);
  for (int i = 0; i < 4; ++i)
    REQUIRE(it.write({put("a", "1")}));
  CHECK(text_of(it.sent()) == "r0, u1 a");
  it.grant(name, 1);
  CHECK(text_of(it.sent()) == "u2 a");
  it.grant(name, 99); // cut to the window
  CHECK(text_of(it.sent()) == "u3 a, u4 a");
  REQUIRE(it.write({put("a", "1")}));
  CHECK(it.sent().empty());
}

TEST_CASE("P2: a slow follower is told the gap and gets the state anew",
          "[state_followers]") {
  state_limits limits;
  limits.log_commits = 3;
  state_desk it{limits};
  const auto name = it.follow("", true, 3);
  REQUIRE(it.write({put("a", "1")}));
  REQUIRE(it.write({put("a", "2")}));
  CHECK(text_of(it.sent()) == "r0, u1 a, u2 a");
  for (int i = 3; i <= 6; ++i)
    REQUIRE(it.write({put("a", std::to_string(i))}));
  it.grant(name, 1);
  CHECK(text_of(it.sent()) == "g3-6");
  REQUIRE(it.write({put("b", "1")}));
  it.grant(name, 3);
  CHECK(text_of(it.sent()) == "r6 a, u7 b");
  REQUIRE(it.write({put("b", "2")}));
  CHECK(text_of(it.sent()) == "u8 b");
  CHECK(it.rules.figures().gaps == 1);
}

TEST_CASE("P2: a follower goes on where it was, if that is still kept",
          "[state_followers]") {
  state_limits limits;
  limits.log_commits = 3;
  state_desk it{limits};
  for (int i = 1; i <= 5; ++i)
    REQUIRE(it.write({put("a", std::to_string(i))}));
  REQUIRE(it.follow("a", false, 10, 3));
  CHECK(text_of(it.sent()) == "u4 a, u5 a");
  REQUIRE(it.follow("a", false, 10, 5));
  CHECK(text_of(it.sent()).empty());
  REQUIRE(it.follow("a", false, 10, 1));
  CHECK(text_of(it.sent()) == "g2-5, r5 a");
}

TEST_CASE("P2: nobody takes a new store for the continuation of an old one",
          "[state_followers]") {
  state_desk it{{}, 20};
  REQUIRE(it.follow("", true, 10, 20));
  CHECK(text_of(it.sent()) == "g21-21, r21");
}

TEST_CASE("P3: a state in parts is of one revision, whatever is written",
          "[state_followers]") {
  state_limits limits;
  limits.page_bytes = 1; // one entry a part
  state_desk it{limits};
  REQUIRE(it.write({put("a", "1"), put("b", "1"), put("c", "1")}));
  const auto name = it.follow("", true, 1);
  state_view view;
  auto sent = it.sent();
  CHECK(text_of(sent) == "r1 a ...");
  CHECK(test::apply(view, sent[0]) == view_step::waiting);
  REQUIRE(it.write({put("a", "2"), put("b", "2"), remove_key("c")}));
  REQUIRE(it.write({put("aa", "3"), put("b", "3")}));
  for (const auto* part : {"r1 b ...", "r1 c"}) {
    it.grant(name, 1);
    sent = it.sent();
    CHECK(text_of(sent) == part);
    (void)test::apply(view, sent[0]);
  }
  REQUIRE(view.is_current());
  CHECK(view.revision() == 1);
  CHECK(view.find("b")->value == "1");
  CHECK(view.find("c")->value == "1");
  it.grant(name, 1);
  it.grant(name, 1);
  for (const auto& update : it.sent())
    CHECK(test::apply(view, update) == view_step::applied);
  CHECK(view.revision() == 3);
  CHECK(view.entries().size() == 3);
  CHECK(view.find("b")->version == 3);
}

TEST_CASE("P3: a key that changes all the time does not restart a state in "
          "parts",
          "[state_followers]") {
  state_limits limits;
  limits.page_bytes = 1;
  limits.history = 1;
  limits.log_commits = 50;
  state_desk it{limits};
  REQUIRE(it.write({put("a", "1"), put("b", "1")}));
  const auto name = it.follow("", true, 1);
  for (int i = 2; i < 40; ++i)
    REQUIRE(it.write({put("b", std::to_string(i))}));
  it.grant(name, 1);
  CHECK(text_of(it.sent()) == "r1 a ..., r1 b");
}

TEST_CASE("P3: a state whose past is forgotten is begun anew",
          "[state_followers]") {
  state_limits limits;
  limits.page_bytes = 1;
  limits.history = 1;
  limits.log_commits = 1;
  state_desk it{limits};
  REQUIRE(it.write({put("a", "1"), put("b", "1")}));
  const auto name = it.follow("", true, 1);
  for (int i = 2; i < 5; ++i)
    REQUIRE(it.write({put("b", std::to_string(i))}));
  it.grant(name, 1);
  it.grant(name, 1);
  CHECK(text_of(it.sent()) == "r1 a ..., r4 a ..., r4 b");
}

TEST_CASE("P7: an ended subscription gets nothing and holds nothing",
          "[state_followers]") {
  state_desk it;
  const auto live = it.follow("a", false, 10);
  const auto slow = it.follow("", true, 1);
  (void)it.sent();
  CHECK(it.rules.followers().remove(live));
  CHECK(it.rules.followers().remove(slow));
  CHECK_FALSE(it.rules.followers().remove(live));
  it.grant(slow, 1);
  REQUIRE(it.write({put("a", "1")}));
  CHECK(it.sent().empty());
  CHECK(it.rules.figures().subscriptions == 0);
  CHECK(it.rules.figures().live == 0);
}

TEST_CASE("P8: followers see an expiry as a commit", "[state_followers]") {
  state_desk it;
  auto write = put("a", "1");
  write.ttl = std::chrono::seconds{1};
  REQUIRE(it.write({write}));
  REQUIRE(it.follow("a", false, 10));
  (void)it.sent();
  it.now += std::chrono::seconds{1};
  it.rules.expire(it.now);
  const auto sent = it.sent();
  REQUIRE(sent.size() == 1);
  const auto& change = std::get<shared_update>(sent[0].message)->get().body;
  CHECK(change.changes.front().kind == protocol::state_change_kind::expired);
  CHECK(change.changes.front().version == 2);
}

TEST_CASE("M4: a follower that never grants is not looked at again",
          "[state_followers]") {
  state_desk it;
  for (int i = 0; i < 1'000; ++i)
    REQUIRE(it.follow("", true, 1));
  REQUIRE(it.follow("", true, 10'000));
  CHECK(it.sent().size() == 1'001);
  CHECK(it.rules.figures().live == 1);
  for (int i = 0; i < 5'000; ++i)
    REQUIRE(it.write({put("a", "1")}));
  CHECK(it.sent().size() == 5'000);
}
