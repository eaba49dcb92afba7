#include "prefix_affinity.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"

#include <map>
#include <set>

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::chat_role;
using protocol::instant;
using protocol::test::random_source;

namespace {

constexpr instant start{std::chrono::seconds{1'000'000}};

protocol::model_call talk(int turns) {
  protocol::model_call call;
  call.system = "You help.";
  for (int i = 0; i < turns; ++i)
    call.messages.push_back(
        {i % 2 == 0 ? chat_role::user : chat_role::assistant,
         {protocol::text_part{"turn " + std::to_string(i)}}});
  return call;
}

std::uint64_t last_mark(const protocol::model_call& call) {
  return prefix_marks(call).back().mark;
}

} // namespace

TEST_CASE("a longer conversation begins with the marks of a shorter one",
          "[prefix_affinity]") {
  const auto some = prefix_marks(talk(3));
  const auto more = prefix_marks(talk(5));
  REQUIRE(some.size() == 4); // the system, and each turn
  REQUIRE(more.size() == 6);
  for (std::size_t i = 0; i < some.size(); ++i) {
    CHECK(some[i].mark == more[i].mark);
    CHECK(some[i].size == more[i].size);
  }
  CHECK(more[0].size == talk(1).system.size());
}

TEST_CASE("of many marks the last are given", "[prefix_affinity]") {
  const auto all = prefix_marks(talk(9), 100);
  REQUIRE(all.size() == 10);
  for (const std::size_t most : {1U, 2U, 9U, 10U, 11U}) {
    const auto some = prefix_marks(talk(9), most);
    REQUIRE(some.size() == std::min<std::size_t>(most, 10));
    CHECK(some.back().mark == all.back().mark);
    CHECK(some.front().mark == all[10 - some.size()].mark);
  }
}

TEST_CASE("whatever changes the text changes the marks behind it",
          "[prefix_affinity]") {
  const auto same = talk(2);
  std::set<std::uint64_t> seen{last_mark(same)};
  const auto differs = [&](auto change) {
    auto other = same;
    change(other);
    CHECK(seen.insert(last_mark(other)).second);
  };
  differs([](auto& it) { it.system += '.'; });
  differs([](auto& it) { it.tools.push_back({"t", "d", "{}"}); });
  differs([](auto& it) { it.tools.push_back({"td", "", "{}"}); });
  differs([](auto& it) { it.messages[0].role = chat_role::assistant; });
  differs([](auto& it) {
    it.messages[0].content = {protocol::text_part{"tu"},
                              protocol::text_part{"rn 0"}};
  });
  differs([](auto& it) {
    it.messages[1].content = {protocol::thinking_part{"turn 1", {}}};
  });
  differs([](auto& it) {
    it.messages[1].content = {protocol::tool_call{"id", "turn 1", "{}"}};
  });
  differs([](auto& it) {
    it.messages[1].content = {protocol::tool_result{"id", "turn 1"}};
  });
}

TEST_CASE("who holds the longest beginning comes first", "[prefix_affinity]") {
  prefix_affinity table{{}};
  const auto talk_of = [](int turns) {
    return prefix_marks(talk(turns));
  };
  CHECK(table.find(talk_of(3), start).empty());
  table.note(7, talk_of(1), start);
  table.note(2, talk_of(3), start);
  const auto found = table.find(talk_of(5), start);
  REQUIRE(found.size() == 2);
  CHECK(found[0].holder == 2);
  CHECK(found[0].size == talk_of(3).back().size);
  CHECK(found[1].holder == 7);
  CHECK(found[1].size == talk_of(1).back().size);
}

TEST_CASE("what was not used for the lifetime is forgotten, use keeps it",
          "[prefix_affinity]") {
  prefix_affinity table{{100, 5min}};
  const auto marks = prefix_marks(talk(1));
  table.note(1, marks, start);
  CHECK(table.find(marks, start + 5min - 1ns).size() == 1);
  CHECK(table.find(marks, start + 5min).empty());
  table.note(1, marks, start + 4min);
  CHECK(table.find(marks, start + 8min).size() == 1);
}

TEST_CASE("no history of calls makes the table larger than it may be, and what "
          "it tells was so",
          "[prefix_affinity]") {
  const auto seed = GENERATE(range<std::uint64_t>(1, 20));
  CAPTURE(seed);
  random_source random{seed};
  const auto most = random.below(200);
  prefix_affinity table{{most, 5min}};
  std::map<std::uint64_t, std::map<std::size_t, instant>> known;
  auto now = start;
  for (int step = 0; step < 3'000; ++step) {
    now += std::chrono::seconds{random.below(30)};
    std::vector<prefix_mark> marks;
    for (std::uint64_t i = 0, mark = random.below(20); i < 1 + random.below(6);
         ++i, mark = mark * 20 + random.below(3))
      marks.push_back({mark + (i << 40U), i + 1});
    for (const auto& it : table.find(marks, now)) {
      REQUIRE(it.size <= marks.size());
      const auto& uses = known.at(marks[it.size - 1].mark);
      REQUIRE(now < uses.at(it.holder) + 5min);
    }
    const auto holder = random.below(12);
    table.note(holder, marks, now);
    for (const auto& it : marks)
      known[it.mark][holder] = now;
    REQUIRE(table.size() <= most);
    if (most >= marks.size())
      REQUIRE(table.find(marks, now).front().holder == holder);
  }
}
