#include "state_rules.hpp"
#include "support/actors/show_result.hpp"
#include "support/actors/state_desk.hpp"

using namespace std::chrono_literals;
using namespace troupe;
using namespace troupe::actors;
using protocol::errc;
using protocol::state_change_kind;
using protocol::state_operation;
using test::put;
using test::remove_key;
using test::state_desk;

TEST_CASE("P1: each write of a key raises its version by one",
          "[state_rules]") {
  state_desk it;
  for (std::uint64_t version = 1; version <= 5; ++version) {
    const auto written = it.write({put("a", std::to_string(version))});
    REQUIRE(written);
    CHECK(written->versions == std::vector{version});
    CHECK(written->revision == version);
  }
  CHECK(it.version("a") == 5);
  CHECK(it.value("a") == "5");
}

TEST_CASE("P1: a key that was deleted goes on with its versions",
          "[state_rules]") {
  state_desk it;
  REQUIRE(it.write({put("a", "1")}));
  const auto gone = it.write({remove_key("a")});
  REQUIRE(gone);
  CHECK(gone->versions.front() == 2);
  CHECK_FALSE(it.version("a"));
  REQUIRE(it.write({put("a", "3")}));
  CHECK(it.version("a") == 3);
}

TEST_CASE("P1: no version comes back when a deletion was forgotten",
          "[state_rules]") {
  state_limits limits;
  limits.deleted_keys = 1;
  state_desk it{limits};
  for (int i = 0; i < 7; ++i)
    REQUIRE(it.write({put("a", "0")}));
  REQUIRE(it.write({remove_key("a")})); // version 8
  REQUIRE(it.write({put("b", "0")}));
  REQUIRE(it.write({remove_key("b")})); // a is forgotten
  CHECK(it.rules.figures().deleted_keys == 1);
  REQUIRE(it.write({put("a", "0")}));
  CHECK(it.version("a") == 9);
  REQUIRE(it.write({put("c", "0")}));
  CHECK(it.version("c") == 9);
}

TEST_CASE("P1: a store that follows another uses none of its versions",
          "[state_rules]") {
  state_desk first;
  for (int i = 0; i < 20; ++i)
    REQUIRE(first.write({put("a", "0")}));
  state_desk second{{}, first.rules.revision()};
  const auto written = second.write({put("a", "0")});
  REQUIRE(written);
  CHECK(written->revision > first.rules.revision());
  CHECK(written->versions.front() > 20);
}

TEST_CASE("P4: of those who expect one version one wins", "[state_rules]") {
  state_desk it;
  int created = 0;
  for (int i = 0; i < 10; ++i)
    created += it.write({put("a", std::to_string(i), 0)}).has_value() ? 1 : 0;
  CHECK(created == 1);
  int changed = 0;
  for (int i = 0; i < 10; ++i)
    changed += it.write({put("a", std::to_string(i), 1)}).has_value() ? 1 : 0;
  CHECK(changed == 1);
  CHECK(it.version("a") == 2);
}

TEST_CASE("a version that is not there any more is a conflict",
          "[state_rules]") {
  state_desk it;
  REQUIRE(it.write({put("a", "1")}));
  REQUIRE(it.write({put("a", "2")}));
  const auto late = it.write({put("a", "3", 1)});
  REQUIRE_FALSE(late);
  CHECK(late.error().code == errc::version_conflict);
  CHECK(late.error().detail
        == "key 'a' is at version 2, version 1 was expected");
  const auto again = it.write({put("a", "3", 0)});
  CHECK(again.error().detail
        == "key 'a' is at version 2, it was not expected to exist");
  const auto gone = it.write({remove_key("b", 4)});
  CHECK(gone.error().detail
        == "key 'b' does not exist, version 4 was expected");
}

TEST_CASE("P6: one conflict of many writes none", "[state_rules]") {
  state_desk it;
  REQUIRE(it.write({put("a", "1"), put("b", "1")}));
  CHECK_FALSE(it.write({put("a", "2"), put("c", "2"), put("b", "2", 7)}));
  CHECK(it.value("a") == "1");
  CHECK(it.value("b") == "1");
  CHECK_FALSE(it.version("c"));
  CHECK(it.rules.revision() == 1);
}

TEST_CASE("a check holds a transaction back without writing", "[state_rules]") {
  state_desk it;
  REQUIRE(it.write({put("lock", "1")}));
  const auto check = [](std::uint64_t version) {
    return protocol::state_write{"lock", state_operation::check, version};
  };
  CHECK(it.write({check(2), put("a", "1")}).error().code
        == errc::version_conflict);
  const auto written = it.write({check(1), put("a", "1")});
  REQUIRE(written);
  CHECK(written->versions == std::vector<std::uint64_t>{1, 1});
  const auto only = it.write({check(1)});
  REQUIRE(only);
  CHECK(only->revision == written->revision);
}

TEST_CASE("removing what does not exist commits nothing", "[state_rules]") {
  state_desk it;
  const auto written = it.write({remove_key("a")});
  REQUIRE(written);
  CHECK(written->versions.front() == 0);
  CHECK(written->revision == 0);
}

TEST_CASE("P5: a read shows a write that was answered, and its revision",
          "[state_rules]") {
  state_desk it;
  const auto written = it.write({put("a", "1")});
  REQUIRE(written);
  const auto seen = it.rules.read({"a", written->revision}, it.now);
  REQUIRE(seen);
  CHECK(seen->revision == written->revision);
  CHECK(seen->entry->revision == written->revision);
  const auto early = it.rules.read({"a", written->revision + 1}, it.now);
  REQUIRE_FALSE(early);
  CHECK(early.error().code == errc::invalid_request);
}

TEST_CASE("P8: expiry is a version of the key, at the store's time",
          "[state_rules]") {
  state_desk it;
  auto write = put("a", "1");
  write.ttl = 5s;
  REQUIRE(it.write({write}));
  CHECK(it.rules.next_expiry() == it.now + 5s);
  it.now += 5s - 1ns;
  CHECK(it.version("a") == 1);
  it.now += 1ns;
  CHECK_FALSE(it.version("a"));
  const auto history = it.history({"a"});
  REQUIRE(history);
  REQUIRE(history->versions.size() == 2);
  CHECK(history->versions[0].change.kind == state_change_kind::expired);
  CHECK(history->versions[0].change.version == 2);
  CHECK(history->versions[0].at == it.now);
  CHECK(it.rules.next_expiry() == protocol::instant{});
}

TEST_CASE("a write without a ttl takes an earlier one away", "[state_rules]") {
  state_desk it;
  auto write = put("a", "1");
  write.ttl = 5s;
  REQUIRE(it.write({write}));
  REQUIRE(it.write({put("a", "2")}));
  it.now += 1h;
  CHECK(it.value("a") == "2");
}

TEST_CASE("a clock that steps back expires nothing twice", "[state_rules]") {
  state_desk it;
  auto write = put("a", "1");
  write.ttl = 5s;
  REQUIRE(it.write({write}));
  it.now += 6s;
  it.rules.expire(it.now);
  it.now -= 1h;
  REQUIRE(it.write({write}));
  CHECK(it.version("a") == 3);
  CHECK(it.rules.next_expiry() > it.now + 1h);
}

TEST_CASE("the history is told newest first, and in pages", "[state_rules]") {
  state_limits limits;
  limits.history = 3;
  limits.log_commits = 2;
  state_desk it{limits};
  for (int i = 1; i <= 9; ++i)
    REQUIRE(it.write({put("a", std::to_string(i))}));
  REQUIRE(it.write({remove_key("a")}));
  const auto all = it.history({"a", 0, 100});
  REQUIRE(all);
  REQUIRE(all->versions.size() == 4); // the present one and three past ones
  CHECK(all->versions[0].change.kind == state_change_kind::deleted);
  CHECK(all->versions[1].change.value == "9");
  CHECK(all->versions[3].change.version == 7);
  const auto page = it.history({"a", 9, 1});
  REQUIRE(page);
  REQUIRE(page->versions.size() == 1);
  CHECK(page->versions[0].change.value == "8");
}

TEST_CASE("keys are listed in pages, in byte order", "[state_rules]") {
  state_desk it;
  for (const auto* key : {"b", "a/2", "a/1", "a", "a/3", "aa"})
    REQUIRE(it.write({put(key, "0")}));
  const auto keys = [&](const std::string& after) {
    const auto page = it.list({"a/", after, 2});
    std::string text;
    for (const auto& entry : page->entries)
      text += entry.key + " ";
    return text + (page->has_more ? "more" : "end");
  };
  CHECK(keys("") == "a/1 a/2 more");
  CHECK(keys("a/2") == "a/3 end");
  CHECK(keys("a/3") == "end");
  CHECK(it.list({"", "", 1000})->entries.size() == 6);
}

TEST_CASE("what an untrusted request wrote stays marked", "[state_rules]") {
  state_desk it;
  protocol::header head;
  head.content = protocol::taint::untrusted;
  REQUIRE(it.write({put("a", "1")}, head));
  CHECK(it.rules.read({"a"}, it.now)->entry->content
        == protocol::taint::untrusted);
  REQUIRE(it.write({put("a", "2")}));
  CHECK(it.rules.read({"a"}, it.now)->entry->content
        == protocol::taint::trusted);
}
