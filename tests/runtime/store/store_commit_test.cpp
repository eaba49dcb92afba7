#include "support/runtime/store_world.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::store_world;

namespace {

bool is_refused(const commit_result& it, errc code,
                std::optional<std::size_t> requirement = {}) {
  CAPTURE(test::to_text(it));
  CHECK(it.numbers.empty());
  return it.outcome == commit_outcome::refused && it.why.code == code
         && it.failed_requirement == requirement;
}

} // namespace

TEST_CASE("P1: a revision is never used twice, also not of a key that was "
          "deleted",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto first = it.done(put_value{"k", "a"});
  const auto other = it.done(put_value{"m", "a"});
  const auto second = it.done(put_value{"k", "b"});
  CHECK(first < other);
  CHECK(other < second);
  CHECK(it.value("k") == stored_value{"k", "b", second});
  CHECK(it.done(delete_key{"k"}) == 0);
  CHECK(it.value("k") == stored_value{"k", "", 0});
  it.open_again();
  CHECK(it.done(put_value{"k", "a"}) > second);
}

TEST_CASE("P4: of writers that know the same revision one wins", "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  std::uint64_t known = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<store_txn> group;
    for (int writer = 0; writer < 8; ++writer)
      group.push_back({{},
                       {require_revision{"k", known}},
                       {put_value{"k", std::to_string(writer)}}});
    const auto all = it->commit(group, it.now);
    REQUIRE(all.size() == 8);
    REQUIRE(all[0].outcome == commit_outcome::committed);
    for (std::size_t i = 1; i < all.size(); ++i)
      REQUIRE(is_refused(all[i], errc::version_conflict, 0));
    CHECK(it.value("k") == stored_value{"k", "0", all[0].numbers.at(0)});
    known = all[0].numbers.at(0);
  }
}

TEST_CASE("P4: a counter that is compared and set holds as much as was "
          "acknowledged",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  int acknowledged = 0;
  std::uint64_t known = 0;
  for (int i = 0; i < 200; ++i) {
    const bool is_stale = i % 3 == 0 && known > 0;
    const auto done =
        it.commit({put_value{"n", std::to_string(acknowledged + 1)}},
                  {require_revision{"n", is_stale ? known - 1 : known}});
    REQUIRE((done.outcome == commit_outcome::committed) == !is_stale);
    if (is_stale)
      continue;
    ++acknowledged;
    known = done.numbers.at(0);
  }
  it.open_again();
  CHECK(it.value("n").value == std::to_string(acknowledged));
}

TEST_CASE("a refused commit leaves nothing and does not sink its group",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  it.done(put_value{"kept", "old"});
  it.done(append_records{"s", {"1", "2"}});
  it.done(enqueue_task{"q", "body", {}, "key"});
  const auto task = it.claim().at(0);
  it.done(credit_account{"a", 5});
  const auto before = it.changes().size();
  const std::vector<store_txn> group{
      {{}, {}, {put_value{"first", "1"}}},
      {{},
       {},
       {put_value{"kept", "new"}, put_value{"added", "x"}, delete_key{"kept"},
        append_records{"s", {"3"}}, append_records{"t", {"1"}},
        drop_records{"s", 2}, ack_task{task.task, task.token},
        enqueue_task{"q", "again", {}, "key"}, credit_account{"a", 3},
        credit_account{"a", -9}}},
      {{}, {}, {put_value{"last", "1"}}}};
  const auto all = it->commit(group, it.now);
  REQUIRE(all.size() == 3);
  CHECK(all[0].outcome == commit_outcome::committed);
  CHECK(is_refused(all[1], errc::budget_exhausted));
  CHECK(all[2].outcome == commit_outcome::committed);
  CHECK(all[2].numbers.at(0) == all[0].numbers.at(0) + 1);
  it.open_again();
  CHECK(it.value("kept").value == "old");
  CHECK(it.value("added").revision == 0);
  CHECK(it->read("s", 0, 9).value()
        == std::vector<stored_record>{{1, "1"}, {2, "2"}});
  CHECK(it->read("t", 0, 9).value().empty());
  CHECK(it->funds("a").value() == 5);
  CHECK(it.changes().size() == before + 2);
  CHECK(it->extend(task.task, task.token, it.lease, it.now).value());
  CHECK(it.done(enqueue_task{"q", "again", {}, "key"}) == task.task);
}

TEST_CASE("a later txn of a group and a later op see what was done before",
          "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  const std::vector<store_txn> group{
      {{}, {}, {credit_account{"a", 10}, credit_account{"a", -10}}},
      {{}, {require_funds{"a", 1}}, {put_value{"k", "x"}}},
      {{},
       {require_revision{"k", 0}, require_last{"s", 0}},
       {append_records{"s", {"1"}}, append_records{"s", {"2", "3"}}}},
      {{}, {require_last{"s", 3}}, {delete_key{"k"}}}};
  const auto all = it->commit(group, it.now);
  REQUIRE(all.size() == 4);
  CHECK(all[0].numbers == std::vector<std::uint64_t>{10, 0});
  CHECK(is_refused(all[1], errc::budget_exhausted, 0));
  CHECK(all[2].numbers == std::vector<std::uint64_t>{1, 3});
  CHECK(all[3].numbers == std::vector<std::uint64_t>{0});
  CHECK(it->commit({}, it.now).empty());
}

TEST_CASE("R8: the same commit again answers as the first did and has no "
          "second effect",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const store_txn credit{{7, 1},
                         {require_revision{"k", 0}},
                         {credit_account{"a", 5}, put_value{"k", "x"}}};
  const store_txn late{{7, 2}, {require_revision{"k", 0}}, {delete_key{"k"}}};
  const auto first = it.commit(credit);
  REQUIRE(first.outcome == commit_outcome::committed);
  const auto second = it.commit(late);
  REQUIRE(is_refused(second, errc::version_conflict, 0));
  it.done(delete_key{"k"}); // both would be committed now
  const auto before = it.changes().size();
  for (int i = 0; i < 3; ++i) {
    CHECK(test::to_text(it.commit(credit)) == test::to_text(first));
    CHECK(test::to_text(it.commit(late)) == test::to_text(second));
    it.open_again();
  }
  const std::vector<store_txn> twice{{{7, 3}, {}, {credit_account{"a", 1}}},
                                     {{7, 3}, {}, {credit_account{"a", 1}}}};
  const auto both = it->commit(twice, it.now);
  CHECK(both[0].numbers == std::vector<std::uint64_t>{6});
  CHECK(both[1].numbers == std::vector<std::uint64_t>{6});
  CHECK(it->funds("a").value() == 6);
  CHECK(it.changes().size() == before + 1);
}

TEST_CASE("R8: an id that another commit has had is refused", "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  const auto commit = [&](std::vector<requirement> require,
                          std::vector<store_op> ops) {
    return it.commit(std::move(ops), std::move(require), {7, 1});
  };
  REQUIRE(commit({}, {credit_account{"a", 5}}).outcome
          == commit_outcome::committed);
  CHECK(is_refused(commit({}, {credit_account{"a", 6}}), errc::key_conflict));
  CHECK(is_refused(commit({}, {credit_account{"b", 5}}), errc::key_conflict));
  CHECK(is_refused(commit({require_funds{"a", 5}}, {credit_account{"a", 5}}),
                   errc::key_conflict));
  CHECK(is_refused(commit({}, {}), errc::key_conflict));
  CHECK(is_refused(commit({}, {credit_account{"a", 5}, delete_key{"k"}}),
                   errc::key_conflict));
  CHECK(it->funds("a").value() == 5);
}

TEST_CASE("what was forgotten may be committed a second time", "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const store_txn credit{{7, 1}, {}, {credit_account{"a", 5}}};
  it.now = test::at_ns(1'000);
  CHECK(it.commit(credit).numbers.at(0) == 5);
  REQUIRE(it->forget(0, it.now));
  CHECK(it.commit(credit).numbers.at(0) == 5);
  REQUIRE(it->forget(0, it.now + protocol::duration{1}));
  CHECK(it.commit(credit).numbers.at(0) == 10);
}

TEST_CASE("an account never holds less than nothing or more than 63 bits",
          "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  constexpr auto least = std::numeric_limits<std::int64_t>::min();
  CHECK(it->funds("a").value() == 0);
  CHECK(
      is_refused(it.commit({credit_account{"a", -1}}), errc::budget_exhausted));
  CHECK(is_refused(it.commit({credit_account{"a", least}}),
                   errc::budget_exhausted));
  CHECK(it.done(credit_account{"a", most}) == most);
  CHECK(is_refused(it.commit({credit_account{"a", 1}}), errc::limit_exceeded));
  CHECK(
      is_refused(it.commit({credit_account{"a", most}}), errc::limit_exceeded));
  CHECK(it.done(credit_account{"a", -most}) == 0);
  CHECK(it.done(credit_account{"a", 0}) == 0);
  CHECK(it.commit({}, {require_funds{"b", 0}}).outcome
        == commit_outcome::committed);
  CHECK(is_refused(it.commit({}, {require_funds{"b", 1}}),
                   errc::budget_exhausted, 0));
  CHECK(it.changes().size() == 2); // a credit of 0 is none
}
