#include "journal/digest.hpp"
#include "journal/store_journal.hpp"
#include "support/catch.hpp"
#include "support/runtime/shared_store.hpp"

#include <troupe/actors/memory_store.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;

namespace {

constexpr protocol::id run{7, 1};
const protocol::instant start{1'000h};

struct effects_store {
  std::unique_ptr<actors::durable_store> store = actors::make_memory_store();
  store_journal journal{std::make_unique<test::shared_store>(*store), [] {
                          return start;
                        }};

  store_journal again() {
    return {std::make_unique<test::shared_store>(*store), [] {
              return protocol::instant{1'001h};
            }};
  }

  /// Ada answers the question whether it has happened.
  void must_be_told(const std::string& key, bool is_yes,
                    const std::string& note, protocol::instant at = start) {
    const actors::run_entries batch{
        run,
        {{1, start, protocol::run_planned{}},
         {2, at,
          protocol::approval_given{"mail", 1, is_yes, "ada", note, key}}}};
    REQUIRE(journal.append({&batch, 1}).front().has_value());
  }
};

actors::begin_effect call(const std::string& arguments = "{}") {
  return {run, "mail/ann", "send", arguments, 1, false};
}

std::string key_of(effects_store& it, const actors::begin_effect& what) {
  const auto begun = it.journal.begin(what);
  REQUIRE(begun.has_value());
  CHECK_FALSE(begun->done);
  return begun->key;
}

} // namespace

TEST_CASE("a call of a tool that has answered gives its answer, in any process",
          "[effects]") {
  effects_store it;
  const auto key = key_of(it, call());
  const protocol::tool_result sent{"id", "sent", false};
  REQUIRE(it.journal.end({run, key, sent}).has_value());
  const auto known = it.again().begin(call());
  REQUIRE(known.has_value());
  CHECK(known->key == key);
  CHECK(known->done == sent);
  CHECK(it.again().effects(run)->size() == 1);
  CHECK(it.again().verify_effects(run).has_value());
}

TEST_CASE("a call of a tool whose end nobody knows is not made again",
          "[effects]") {
  effects_store it;
  (void)key_of(it, call());
  const auto again = it.again().begin(call());
  REQUIRE(again.has_error());
  CHECK(again.error().code == errc::effect_unknown);
  CHECK(again.error().detail.find("'send', begun at") != std::string::npos);
}

TEST_CASE("an idempotent tool is called again, with the same key",
          "[effects]") {
  effects_store it;
  auto what = call();
  what.is_idempotent = true;
  const auto key = key_of(it, what);
  const auto again = it.again().begin(what);
  REQUIRE(again.has_value());
  CHECK(again->key == key);
  CHECK_FALSE(again->done);
  CHECK(it.again().effects(run)->begin()->second.times == 2);
}

TEST_CASE("what a tool is called for decides its key", "[effects]") {
  effects_store it;
  const auto key = key_of(it, call(R"({"to":"ann","at":[1,2]})"));
  CHECK(key.size() == 64);
  CHECK(it.journal.begin(call(R"( {"at": [1, 2], "to": "ann"} )"))
            .has_error()); // the same
  auto other = call(R"({"to":"ann","at":[1,2]})");
  other.step = "mail/bob";
  CHECK(key_of(it, other) != key);
  other.tool = "print";
  CHECK(key_of(it, other) != key);
  other.number = 2;
  CHECK(key_of(it, other) != key);
  other = call(R"({"to":"ann","at":[2,1]})");
  CHECK(key_of(it, other) != key);
  other.run = {7, 2};
  CHECK(key_of(it, other) != key);
  CHECK(key_of(it, call("no JSON")) != key);
}

TEST_CASE("somebody may say what a call of a tool gave that nobody knows",
          "[effects]") {
  effects_store it;
  const auto key = key_of(it, call());
  it.must_be_told(key, true, "sent as 7");
  const auto known = it.again().begin(call());
  REQUIRE(known.has_value());
  REQUIRE(known->done);
  CHECK(known->done->content == "sent as 7");
  CHECK_FALSE(known->done->is_error);
  CHECK(it.again().effects(run)->at(key).told_by == "ada");
  CHECK(it.again().verify()->problems.empty());
}

TEST_CASE("a call that has not happened, as somebody has said, is made again, "
          "once",
          "[effects]") {
  effects_store it;
  const auto key = key_of(it, call());
  it.must_be_told(key, false, "");
  CHECK(key_of(it, call()) == key);
  CHECK(it.again().effects(run)->at(key).times == 2);
  CHECK(it.again().effects(run)->at(key).told_by.empty());
  const auto again = it.again().begin(call());
  REQUIRE(again.has_error());
  CHECK(again.error().effect == key);
  CHECK(it.again().verify()->problems.empty());
}

TEST_CASE("what somebody says of a call that has answered, was begun again "
          "since, or is not there changes nothing",
          "[effects]") {
  effects_store it;
  const auto key = key_of(it, call());
  const protocol::tool_result sent{"id", "sent", false};
  const auto how = GENERATE(0, 1, 2);
  if (how == 0)
    REQUIRE(it.journal.end({run, key, sent}).has_value());
  it.must_be_told(how == 2 ? sha256("other") : key, how == 0, "never",
                  how == 1 ? protocol::instant{999h} : start);
  const auto after = it.again().effects(run);
  REQUIRE(after->size() == 1);
  CHECK(after->at(key).told_by.empty());
  CHECK(after->at(key).outcome.has_value() == (how == 0));
  CHECK(it.again().verify()->problems.empty());
}

TEST_CASE("what was not begun does not end", "[effects]") {
  effects_store it;
  CHECK(it.journal.end({run, sha256(""), {}}).error().code
        == errc::invalid_request);
}

TEST_CASE("G5: a call of a tool that was changed shows", "[effects]") {
  effects_store it;
  const auto key = key_of(it, call());
  REQUIRE(it.journal.end({run, key, {"id", "sent", false}}).has_value());
  const auto name = "effect/" + to_string(run) + '/' + key;
  const auto was = it.store->list(name, "", 1)->front().value;
  actors::store_txn txn;
  const auto change = GENERATE(range(0, 3));
  CAPTURE(change);
  if (change == 0)
    txn.ops = {actors::put_value{name, was + ' '}};
  else if (change == 1)
    txn.ops = {actors::delete_key{name}};
  else
    txn.ops = {actors::drop_records{"effects/" + to_string(run), 1}};
  REQUIRE(it.store->commit({&txn, 1}, protocol::instant{2'000h}).front().outcome
          == actors::commit_outcome::committed);
  CHECK(it.again().verify_effects(run).error().code == errc::journal_damaged);
}
