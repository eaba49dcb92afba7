#include "state_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"

#include <map>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::put;
using test::remove_key;
using test::state_desk;

namespace {

/// Room for about ten entries a turn, or one page of a hundred.
state_limits small_turns() {
  state_limits limits;
  limits.turn_bytes = 1'500;
  return limits;
}

/// Of a store that forgets the past at once.
state_limits forgetful_turns() {
  auto limits = small_turns();
  limits.history = 1;
  limits.log_commits = 1;
  return limits;
}

void fill(state_desk& it, int count, const std::string& value = "\"old\"") {
  for (int i = 0; i < count; ++i)
    REQUIRE(it.write({put("k" + std::to_string(1'000 + i), value)}));
}

/// Begins to list all keys.
protocol::result<void> begin(state_desk& it, state_reader who) {
  return it.rules.begin(who, protocol::list_state{"", "", 1'000}, it.now);
}

/// The answers so far, and how many turns it took to have the first.
std::size_t turns_until_answered(state_desk& it,
                                 std::vector<state_read_answer>& answers) {
  std::size_t turns = 0;
  while ((answers = it.rules.reads().take_answers()).empty()) {
    it.rules.take_turn(it.now);
    REQUIRE(++turns < 1'000);
  }
  return turns;
}

const protocol::state_listed& page_of(const state_read_answer& it) {
  REQUIRE(it.outcome);
  return std::get<protocol::state_listed>(*it.outcome);
}

errc code_of(const state_read_answer& it) {
  return it.outcome ? errc::internal : it.outcome.error().code;
}

} // namespace

TEST_CASE("a small listing is answered at once", "[state_turns]") {
  state_desk it;
  fill(it, 10);
  REQUIRE(begin(it, {7}));
  const auto answers = it.rules.reads().take_answers();
  REQUIRE(answers.size() == 1);
  CHECK(answers[0].ticket == 7);
  CHECK(page_of(answers[0]).entries.size() == 10);
}

TEST_CASE("a large page takes as many turns as it costs", "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  REQUIRE(begin(it, {}));
  std::vector<state_read_answer> answers;
  const auto turns = turns_until_answered(it, answers);
  CHECK(turns >= 8);
  CHECK(turns <= 12);
  CHECK(page_of(answers[0]).entries.size() == 100);
}

TEST_CASE("keys that a listing does not see cost it turns too",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  for (int i = 0; i < 99; ++i)
    REQUIRE(it.write({remove_key("k" + std::to_string(1'000 + i))}));
  REQUIRE(begin(it, {}));
  std::vector<state_read_answer> answers;
  CHECK(turns_until_answered(it, answers) >= 7);
  CHECK(page_of(answers[0]).entries.size() == 1);
  CHECK_FALSE(page_of(answers[0]).has_more);
}

TEST_CASE("a history of large values takes turns", "[state_turns]") {
  state_desk it;
  const auto value = '"' + std::string(100'000, 'x') + '"';
  for (int i = 0; i < 8; ++i)
    REQUIRE(it.write({put("a", value)}));
  REQUIRE(
      it.rules.begin({}, protocol::read_state_history{"a", 0, 100}, it.now));
  std::vector<state_read_answer> answers;
  CHECK(turns_until_answered(it, answers) >= 6);
  const auto& past = std::get<protocol::state_history>(*answers[0].outcome);
  REQUIRE(past.versions.size() == 8);
  for (std::uint64_t i = 0; i < 8; ++i)
    CHECK(past.versions[i].change.version == 8 - i);
}

TEST_CASE("P5, P6: a page is of the revision at which it was asked for",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 50);
  const auto asked = it.rules.revision();
  REQUIRE(begin(it, {}));
  for (int i = 0; i < 50; ++i) {
    const auto key = "k" + std::to_string(1'049 - i);
    REQUIRE(it.write({i % 2 == 0 ? put(key, "\"new\"") : remove_key(key),
                      put("l" + key, "\"new\"")}));
  }
  it.settle();
  const auto answers = it.rules.reads().take_answers();
  REQUIRE(answers.size() == 1);
  const auto& page = page_of(answers[0]);
  CHECK(page.revision == asked);
  CHECK(page.entries.size() == 50);
  for (const auto& entry : page.entries)
    CHECK(entry.value == "\"old\"");
}

TEST_CASE("P8: a listing shows what expired after it was asked for",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 50);
  auto write = put("z", "1");
  write.ttl = 5s;
  REQUIRE(it.write({write}));
  REQUIRE(begin(it, {1}));
  it.now += 5s;
  REQUIRE(begin(it, {2}));
  it.settle();
  const auto answers = it.rules.reads().take_answers();
  REQUIRE(answers.size() == 2);
  CHECK(page_of(answers[0]).entries.back().key == "z");
  CHECK(page_of(answers[0]).entries.back().expires == it.now);
  CHECK(page_of(answers[1]).entries.back().key == "k1049");
  CHECK(page_of(answers[1]).revision == page_of(answers[0]).revision + 1);
}

TEST_CASE("P5: a listing whose revision is forgotten shows a later one whole",
          "[state_turns]") {
  state_desk it{forgetful_turns()};
  fill(it, 50);
  REQUIRE(begin(it, {1, 10}));
  for (int i = 0; i < 4; ++i)
    REQUIRE(it.rules.write({{}, {{put("k1049", "\"new\"")}}}, it.now, 11));
  it.rules.take_turn(it.now);
  const auto answers = it.rules.reads().take_answers();
  REQUIRE(answers.size() == 1); // at once: it could be forgotten again
  CHECK(page_of(answers[0]).revision == it.rules.revision());
  CHECK(page_of(answers[0]).entries.size() == 50);
  CHECK(page_of(answers[0]).entries.back().value == "\"new\"");
}

TEST_CASE("R6: a listing never shows a later write of its sender",
          "[state_turns]") {
  state_desk it{forgetful_turns()};
  fill(it, 50);
  REQUIRE(begin(it, {1, 10}));
  for (int i = 0; i < 4; ++i)
    REQUIRE(it.rules.write({{}, {{put("k1049", "\"new\"")}}}, it.now, 10));
  REQUIRE(begin(it, {2, 10}));
  it.settle();
  const auto answers = it.rules.reads().take_answers();
  REQUIRE(answers.size() == 2);
  CHECK(code_of(answers[0]) == errc::overloaded);
  CHECK(page_of(answers[1]).entries.back().value == "\"new\"");
}

TEST_CASE("M1: reads that wait have a bound in count and bytes",
          "[state_turns]") {
  auto limits = small_turns();
  limits.reads = 3;
  limits.reads_bytes = 1'000;
  state_desk it{limits};
  fill(it, 100);
  REQUIRE(begin(it, {1, 0, {}, {}, 400}));
  CHECK(begin(it, {2, 0, {}, {}, 601}).error().code == errc::overloaded);
  REQUIRE(begin(it, {3, 0, {}, {}, 500}));
  REQUIRE(begin(it, {4, 0, {}, {}, 100}));
  CHECK(begin(it, {5, 0, {}, {}, 0}).error().code == errc::overloaded);
  CHECK(it.rules.figures().reads == 3);
  std::vector<state_read_answer> answers;
  (void)turns_until_answered(it, answers);
  CHECK(begin(it, {6, 0, {}, {}, 400}));
}

TEST_CASE("a bad listing or history is refused before it waits",
          "[state_turns]") {
  state_desk it{small_turns()};
  const auto code = [&](state_question what) {
    const auto begun = it.rules.begin({}, std::move(what), it.now);
    return begun ? errc::internal : begun.error().code;
  };
  CHECK(code(protocol::list_state{"a\n"}) == errc::invalid_request);
  CHECK(code(protocol::list_state{"a", "", 0}) == errc::invalid_request);
  CHECK(code(protocol::list_state{"a", "", 1'001}) == errc::invalid_request);
  CHECK(code(protocol::list_state{"a", "", 1, 1}) == errc::invalid_request);
  CHECK(code(protocol::read_state_history{""}) == errc::invalid_request);
  CHECK(code(protocol::read_state_history{"a", 0, 0}) == errc::invalid_request);
  CHECK_FALSE(it.rules.needs_turn());
}

TEST_CASE("R4: a read whose deadline passes while it waits is not worked on",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  REQUIRE(begin(it, {1}));
  for (std::uint64_t ticket = 2; ticket < 10; ++ticket)
    REQUIRE(begin(it, {ticket, 0, it.now + 1s}));
  it.now += 1s;
  std::vector<state_read_answer> answers;
  CHECK(turns_until_answered(it, answers) > 5);
  for (int turn = 0; turn < 3; ++turn)
    it.rules.take_turn(it.now);
  for (auto& one : it.rules.reads().take_answers())
    answers.push_back(std::move(one));
  REQUIRE(answers.size() == 9); // the eight have cost next to nothing
  CHECK(page_of(answers[0]).entries.size() == 100);
  for (std::size_t i = 1; i < 9; ++i)
    CHECK(code_of(answers[i]) == errc::deadline_exceeded);
}

TEST_CASE("R5: a cancel ends the reads of its scope, and only these",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  for (std::uint64_t ticket = 1; ticket <= 4; ++ticket)
    REQUIRE(begin(it, {ticket, 0, {}, {1, 1 + ticket % 2}}));
  REQUIRE(begin(it, {5}));
  it.rules.reads().cancel({1, 2}, "enough");
  it.rules.reads().cancel({}, "no scope");
  const auto ended = it.rules.reads().take_answers();
  REQUIRE(ended.size() == 2);
  CHECK(code_of(ended[0]) == errc::cancelled);
  CHECK(ended[1].outcome.error().detail == "enough");
  it.settle();
  const auto answers = it.rules.reads().take_answers();
  REQUIRE(answers.size() == 3);
  for (const auto& one : answers)
    CHECK(page_of(one).entries.size() == 100);
}

TEST_CASE("among many writes a read gets a turn after every sixteenth",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  REQUIRE(begin(it, {}));
  int writes = 0;
  std::vector<state_read_answer> answers;
  while ((answers = it.rules.reads().take_answers()).empty()) {
    REQUIRE(it.write({put("a", "1")}));
    REQUIRE(++writes < 1'000);
  }
  CHECK(writes > 100);
  CHECK(writes <= 16 * 12);
}

TEST_CASE("reads and followers take turns with each other", "[state_turns]") {
  auto limits = small_turns();
  limits.page_bytes = 1'400;
  state_desk it{limits};
  fill(it, 100);
  for (std::uint64_t ticket = 1; ticket <= 20; ++ticket)
    REQUIRE(begin(it, {ticket}));
  REQUIRE(it.follow("", true, 1'000));
  std::size_t pages = 0;
  std::size_t parts = 0;
  for (int turn = 0; parts < 8; ++turn) {
    REQUIRE(turn < 1'000);
    pages += it.rules.reads().take_answers().size();
    parts += it.taken().size();
    it.rules.take_turn(it.now);
  }
  CHECK(pages >= 7);
  CHECK(pages <= 10);
}

TEST_CASE("P3: many who follow a large state get it turn by turn",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  std::map<std::size_t, state_view> views;
  const auto hear = [&] {
    const auto sent = it.taken();
    for (const auto& one : sent)
      CHECK(test::apply(views[one.slots.front()], one) != view_step::broken);
    return sent.size();
  };
  for (int i = 0; i < 50; ++i)
    REQUIRE(it.follow("", true, 1'000));
  CHECK(hear() <= 2);
  for (int turn = 0; turn < 100; ++turn) {
    it.rules.take_turn(it.now);
    CHECK(hear() <= 2);
  }
  REQUIRE(it.write({put("k1000", "\"new\"")}));
  it.settle();
  (void)hear();
  CHECK(it.rules.figures().live == 50);
  for (const auto& [slot, view] : views) {
    CHECK(view.revision() == 101);
    CHECK(view.entries().size() == 100);
  }
}

TEST_CASE("M4: a follower far behind gets a stretch of the log, the rest in "
          "turns",
          "[state_turns]") {
  state_desk it;
  const auto name = it.follow("", true, 2'000);
  for (int i = 0; i < 3'000; ++i)
    REQUIRE(it.write({put("a", std::to_string(i))}));
  REQUIRE(it.sent().size() == 2'000);
  it.grant(name, 2'000);
  const auto at_once = it.taken().size();
  CHECK(at_once > 100);
  CHECK(at_once < 1'000);
  const auto rest = it.sent();
  CHECK(at_once + rest.size() == 1'001);
  CHECK(it.rules.figures().live == 1);
}

TEST_CASE("P7: a follower that leaves while it waits for its turn gets nothing",
          "[state_turns]") {
  state_desk it{small_turns()};
  fill(it, 100);
  const auto name = it.follow("", true, 1'000);
  CHECK(it.rules.figures().behind == 1);
  (void)it.taken();
  REQUIRE(it.rules.followers().remove(name));
  CHECK(it.sent().empty());
  CHECK_FALSE(it.rules.needs_turn());
}
