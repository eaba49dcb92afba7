#include "support/runtime/store_world.hpp"

using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using test::store_world;

namespace {

std::vector<std::string> keys(const std::vector<stored_value>& all) {
  std::vector<std::string> out;
  for (const auto& it : all)
    out.push_back(it.key);
  return out;
}

using names = std::vector<std::string>;
using records = std::vector<stored_record>;

constexpr auto most = std::numeric_limits<std::uint64_t>::max();

} // namespace

TEST_CASE("values are read by key and listed by prefix in the order of bytes",
          "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  const std::string nul{"a\0b", 3};
  for (const auto& key : names{"b", "a/2", "a/10", "a", nul, "a\xff", "\xff"})
    it.done(put_value{key, "value of " + key});
  const auto list = [&](const std::string& prefix,
                        const std::string& after = {}, std::size_t count = 99) {
    return keys(it->list(prefix, after, count).value());
  };
  CHECK(list("") == names{"a", nul, "a/10", "a/2", "a\xff", "b", "\xff"});
  CHECK(list("a/") == names{"a/10", "a/2"});
  CHECK(list("a\xff") == names{"a\xff"});
  CHECK(list("\xff") == names{"\xff"});
  CHECK(list("c").empty());
  CHECK(list("a", "a") == names{nul, "a/10", "a/2", "a\xff"});
  CHECK(list("a", nul) == names{"a/10", "a/2", "a\xff"});
  CHECK(list("a/", "a/10") == names{"a/2"});
  CHECK(list("a/", "a/2").empty());
  CHECK(list("a/", "b").empty());
  CHECK(list("b", "a") == names{"b"});
  CHECK(list("", "", 2) == names{"a", nul});
  CHECK(list("", "", 0).empty());
  const names asked{"b", "none", nul, "", "b"};
  const auto got = it->get(asked).value();
  REQUIRE(keys(got) == asked);
  CHECK(got[0].value == "value of b");
  CHECK(got[1] == stored_value{"none", "", 0});
  CHECK(got[2].value == "value of " + nul);
  CHECK(got[3].revision == 0);
  CHECK(got[4] == got[0]);
}

TEST_CASE("records of a stream count without a gap, also behind what was "
          "dropped",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  CHECK(it.done(append_records{"s", {}}) == 0);
  CHECK(it.done(append_records{"s", {"a", "", std::string{"\0c", 2}}}) == 3);
  CHECK(it.done(append_records{"s2", {"x"}}) == 1);
  CHECK(it.done(append_records{"s", {}}) == 3);
  CHECK(it->read("s", 0, 99).value()
        == records{{1, "a"}, {2, ""}, {3, std::string{"\0c", 2}}});
  CHECK(it->read("s", 1, 1).value() == records{{2, ""}});
  CHECK(it->read("s", 3, 99).value().empty());
  CHECK(it->read("s", most, 99).value().empty());
  CHECK(it->read("none", 0, 99).value().empty());
  CHECK(it.done(drop_records{"s", 2}) == 0);
  CHECK(it.done(drop_records{"none", 2}) == 0);
  CHECK(it->read("s", 0, 99).value() == records{{3, std::string{"\0c", 2}}});
  CHECK(it.done(append_records{"s", {"d"}}) == 4);
  CHECK(it.done(drop_records{"s", most}) == 0);
  CHECK(it->read("s", 0, 99).value().empty());
  it.open_again();
  // The last is what it was, though it is dropped.
  CHECK(it.commit({}, {require_last{"s", 0}}).outcome
        == commit_outcome::refused);
  CHECK(it.commit({}, {require_last{"s", 4}, require_last{"new", 0}}).outcome
        == commit_outcome::committed);
  CHECK(it.done(append_records{"s", {"e"}}) == 5);
  CHECK(it->read("s2", 0, 99).value() == records{{1, "x"}});
}

TEST_CASE("changes come in order and without gaps, as often as they are asked "
          "for",
          "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  const auto put = it.done(put_value{"a", "1"});
  const auto done =
      it.commit({append_records{"b", {"1", "2"}}, delete_key{"a"},
                 delete_key{"a"}, credit_account{"c", 7},
                 enqueue_task{"aq", "x", {}, {}}, drop_records{"b", 1}});
  const std::vector<store_change> all{
      {1, change_kind::put, "a", put},
      {2, change_kind::appended, "b", 2},
      {3, change_kind::deleted, "a", 3},
      {4, change_kind::credited, "c", 7},
      {5, change_kind::enqueued, "aq", done.numbers.at(4)}};
  CHECK(it.changes() == all);
  it.open_again();
  CHECK(it.changes() == all);
  CHECK(it.changes(3) == std::vector(all.begin() + 3, all.end()));
  CHECK(it.changes(0, "a") == std::vector{all[0], all[2], all[4]});
  CHECK(it->changes(1, "a", 1).value() == std::vector{all[2]});
  CHECK(it->changes(0, "", 0).value().empty());
  CHECK(it.changes(5).empty());
  CHECK(it.changes(most).empty());
  CHECK(it.done(put_value{"a", "2"}) == 6); // behind the deleted one's
}

TEST_CASE("P2: who asks for changes that are forgotten is told so", "[store]") {
  store_world it{GENERATE(from_range(test::store_kinds))};
  for (int i = 0; i < 5; ++i)
    it.done(put_value{"k", std::to_string(i)});
  REQUIRE(it->forget(3, {}));
  REQUIRE(it->forget(2, {})); // no way back
  it.open_again();
  const auto lost = it->changes(2, "k", 9);
  REQUIRE_FALSE(lost);
  CHECK(lost.error().code == errc::invalid_request);
  CHECK(it.changes(3).size() == 2);
  REQUIRE(it->forget(most, {})); // those that are there
  CHECK_FALSE(it->changes(4, "k", 9));
  CHECK(it.changes(5).empty());
  it.open_again();
  CHECK(it.done(put_value{"k", "x"}) == 6);
  CHECK(it.changes(5).size() == 1);
  CHECK(it.value("k").value == "x");
}

TEST_CASE("a store is empty at first", "[store]") {
  const store_world it{GENERATE(from_range(test::store_kinds))};
  CHECK(it->get({}).value().empty());
  CHECK(it->list("", "", 9).value().empty());
  CHECK(it.changes().empty());
  CHECK(it.claim().empty());
  REQUIRE(it->forget(9, it.now));
  CHECK(it.changes().empty());
  REQUIRE(it->release("nobody's", 3));
  CHECK(it.commit(store_txn{}).outcome == commit_outcome::committed);
}
