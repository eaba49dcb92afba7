#include "journal/digest.hpp"
#include "journal/store_journal.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "support/runtime/shared_store.hpp"

#include <troupe/actors/memory_store.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using actors::kept_call;
using protocol::errc;
using protocol::test::random_source;

namespace {

constexpr protocol::id run{7, 1};
const protocol::instant start{1'000h};

std::string random_text(random_source& source, std::size_t size) {
  std::string text;
  while (text.size() < size)
    text += static_cast<char>('a' + source.below(26));
  return text;
}

struct calls_store {
  std::unique_ptr<actors::durable_store> store = actors::make_memory_store();
  store_journal journal{std::make_unique<test::shared_store>(*store), [] {
                          return start;
                        }};

  store_journal again() {
    return {std::make_unique<test::shared_store>(*store), [] {
              return start;
            }};
  }

  void must_keep(const std::vector<actors::keep_call>& calls) {
    for (const auto& done : journal.keep({}, calls).calls)
      REQUIRE(done.has_value());
  }

  /// The run begins, and its task ends so often with its process.
  void must_append(std::vector<protocol::journal_entry> entries) {
    const actors::run_entries batch{run, std::move(entries)};
    REQUIRE(journal.append({&batch, 1}).front().has_value());
  }

  [[nodiscard]] std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& it : *store->list("", "", 1'000'000))
      sum += it.key.size() + it.value.size();
    for (const auto& it : *store->read("calls/" + to_string(run), 0, 1'000'000))
      sum += it.record.size();
    return sum;
  }

  std::uint64_t next_call = 0;

  actors::keep_call call(std::uint32_t attempt, std::uint32_t number,
                         const std::string& text = "x") {
    kept_call it;
    it.task = "t";
    it.agent = "ann";
    it.attempt = attempt;
    it.number = number;
    it.call = {5, ++next_call};
    it.asked = {{protocol::chat_role::user, {protocol::text_part{text}}}};
    it.reply.model = "p/a";
    it.reply.content = {protocol::tool_call{"id", "look", "{}"}};
    it.reply.used.input = 17;
    return {run, std::move(it)};
  }
};

protocol::journal_entry planned() {
  protocol::run_planned plan;
  plan.what.name = "m";
  plan.what.tasks.emplace_back().id = "t";
  plan.estimates.resize(1);
  return {1, start, plan};
}

protocol::journal_entry ended(std::uint64_t sequence, std::uint32_t attempt,
                              bool is_interrupted) {
  protocol::attempt_ended end;
  end.task = "t";
  end.attempt = attempt;
  end.failure = protocol::fail(errc::unreachable, "x");
  end.is_interrupted = is_interrupted;
  return {sequence, start, end};
}

/// The texts of the calls that an attempt goes on behind.
std::vector<std::string> behind(calls_store& it, std::uint32_t attempt,
                                const std::string& agent = "ann",
                                std::uint32_t depth = 0,
                                protocol::id thread = {}) {
  const auto calls =
      it.again().calls_before({run, "t", agent, attempt, depth, thread});
  REQUIRE(calls.has_value());
  std::vector<std::string> texts;
  for (const auto& call : *calls)
    texts.push_back(text_of(call.asked[0].content));
  return texts;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("calls that a journal keeps come back as they were, in any process",
          "[kept_calls]") {
  random_source source{4};
  calls_store it;
  it.must_append({planned(), ended(2, 1, true)});
  std::vector<kept_call> all;
  while (all.size() < 700) {
    std::vector<actors::keep_call> group;
    for (auto more = 1 + source.below(20); more != 0; --more) {
      const auto number = static_cast<std::uint32_t>(all.size() + 1);
      group.push_back(
          it.call(1, number, random_text(source, source.below(2'000))));
      all.push_back(group.back().what);
    }
    it.must_keep(group);
  }
  const auto read = it.again().calls_before({run, "t", "ann", 2});
  REQUIRE(read.has_value());
  CHECK(*read == all);
  CHECK(*it.again().calls(run) == all);
  const auto found = it.again().verify();
  CHECK(found->problems.empty());
  CHECK(found->calls == all.size());
}

TEST_CASE("only an attempt whose process ended is gone on with",
          "[kept_calls]") {
  calls_store it;
  it.must_append({planned()});
  it.must_keep({it.call(1, 1, "a"), it.call(1, 2, "b")});
  CHECK(behind(it, 2).empty()); // it may be at work yet
  SECTION("it was interrupted") {
    it.must_append({ended(2, 1, true)});
    CHECK(behind(it, 2) == texts{"a", "b"});
    CHECK(behind(it, 1).empty());
    CHECK(behind(it, 3).empty());
    CHECK(behind(it, 2, "bob").empty()); // whom it was not told
  }
  SECTION("it has failed") {
    it.must_append({ended(2, 1, false)});
    CHECK(behind(it, 2).empty());
  }
}

TEST_CASE("a conversation goes on over several processes until an attempt "
          "fails",
          "[kept_calls]") {
  calls_store it;
  it.must_append({planned(), ended(2, 1, false)});
  it.must_keep({it.call(1, 1, "of a failed one"), it.call(2, 1, "a")});
  it.must_append({ended(3, 2, true)});
  CHECK(behind(it, 3) == texts{"a"});
  it.must_keep({it.call(3, 2, "b")});
  it.must_append({ended(4, 3, true), ended(5, 4, true)}); // 4 said nothing
  CHECK(behind(it, 5) == texts{"a", "b"});
  it.must_keep({it.call(5, 1, "anew")}); // it could not go on with them
  it.must_append({ended(6, 5, true)});
  CHECK(behind(it, 6) == texts{"anew"});
  it.must_append({ended(7, 6, false)});
  CHECK(behind(it, 7).empty());
}

TEST_CASE("what an agent was asked by another is not what its task said",
          "[kept_calls]") {
  calls_store it;
  it.must_append({planned()});
  auto question = it.call(1, 1, "asked by bob");
  question.what.depth = 1;
  auto again = question; // the same question, put a second time
  again.what.call = {5, 99};
  it.must_keep({it.call(1, 1, "a"), question, again});
  auto other = it.call(1, 1, "another question of bob");
  other.what.depth = 1;
  other.what.thread = {6, 6};
  it.must_keep({other});
  it.must_append({ended(2, 1, true)});
  CHECK(behind(it, 2) == texts{"a"});
  CHECK(behind(it, 2, "ann", 1, {6, 6}) == texts{"another question of bob"});
  CHECK(behind(it, 2, "ann", 1, {6, 7}).empty());
  CHECK(it.again().calls(run)->size() == 4);
  CHECK(it.again().verify()->problems.empty());
}

TEST_CASE("A: the bytes of a growing conversation grow with what is new in it",
          "[kept_calls]") {
  const auto bytes_of = [](std::uint32_t turns) {
    random_source source{6};
    calls_store it;
    for (std::uint32_t i = 1; i <= turns; ++i)
      it.must_keep({it.call(1, i, random_text(source, 1'000))});
    return it.bytes();
  };
  const auto ten = bytes_of(10);
  const auto many = bytes_of(1'000);
  CHECK(many < 105 * ten);
  CHECK(many > 95 * ten);
  CHECK(many < 1'000 * 2'500);
}

TEST_CASE("entries and calls of one group are kept together, and one that is "
          "refused does not touch the others",
          "[kept_calls]") {
  calls_store it;
  const std::vector<actors::run_entries> entries{{run, {planned()}},
                                                 {{8, 8}, {ended(5, 1, true)}}};
  auto other = it.call(1, 1, "other");
  other.run = {9, 9};
  const std::vector<actors::keep_call> calls{it.call(1, 1, "a"), other,
                                             it.call(1, 2, "b")};
  const auto kept = it.journal.keep(entries, calls);
  CHECK(kept.entries[0].has_value());
  CHECK_FALSE(kept.entries[1].has_value());
  for (const auto& done : kept.calls)
    CHECK(done.has_value());
  CHECK(it.again().calls(run)->size() == 2);
  CHECK(it.again().calls({9, 9})->size() == 1);
}

TEST_CASE("G5: a call that was changed, taken away or added shows",
          "[kept_calls]") {
  calls_store it;
  it.must_append({planned()});
  it.must_keep({it.call(1, 1, std::string(1'000, 'a')), it.call(1, 2)});
  REQUIRE(it.again().verify()->problems.empty());
  const auto prefix = "call/" + to_string(run) + '/';
  const auto was = it.store->list(prefix, "", 2)->front();
  actors::store_txn txn;
  const auto change = GENERATE(range(0, 5));
  CAPTURE(change);
  if (change == 0)
    txn.ops = {actors::put_value{was.key, was.value + ' '}};
  else if (change == 1)
    txn.ops = {actors::delete_key{was.key}};
  else if (change == 2)
    txn.ops = {actors::drop_records{"calls/" + to_string(run), 1}};
  else if (change == 3)
    txn.ops = {actors::put_value{was.key + '1', was.value}};
  else
    for (const auto& text : *it.store->list("blob/", "", 10))
      txn.ops.emplace_back(actors::put_value{text.key, text.value + "!"});
  REQUIRE(it.store->commit({&txn, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  CHECK_FALSE(it.again().verify()->problems.empty());
}

TEST_CASE("a conversation with a call missing is not gone on with",
          "[kept_calls]") {
  calls_store it;
  it.must_append({planned(), ended(2, 1, true)});
  it.must_keep({it.call(1, 1), it.call(1, 3)});
  CHECK(it.again().calls_before({run, "t", "ann", 2}).error().code
        == errc::journal_damaged);
}
