#include "journal/digest.hpp"
#include "journal/store_journal.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "support/runtime/shared_store.hpp"

#include <troupe/actors/memory_store.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::instant;
using protocol::journal_entry;
using protocol::test::random_source;

namespace {

constexpr protocol::id run{7, 1};
const instant start{1'000h};

struct journal_world {
  std::unique_ptr<actors::durable_store> store = actors::make_memory_store();
  store_journal journal{std::make_unique<test::shared_store>(*store), [] {
                          return start;
                        }};

  /// As another process would open it.
  store_journal again() {
    return {std::make_unique<test::shared_store>(*store), [] { return start; },
            ++processes};
  }
  std::uint64_t processes = 0;

  protocol::result<void> add(std::vector<journal_entry> entries,
                             protocol::id to = run) {
    const actors::run_entries batch{to, std::move(entries)};
    return journal.append({&batch, 1}).front();
  }

  void must_add(std::vector<journal_entry> entries, protocol::id to = run) {
    const auto done = add(std::move(entries), to);
    REQUIRE(done.has_value());
  }

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const auto& it : *store->list("", "", 100'000))
      sum += it.value.size();
    for (const auto* stream : {"runs"})
      for (const auto& it : *store->read(stream, 0, 100'000))
        sum += it.record.size();
    for (const auto& it : *store->read("run/" + to_string(run), 0, 100'000))
      sum += it.record.size();
    return sum;
  }
};

journal_entry planned(std::string input) {
  protocol::run_planned plan;
  plan.what.name = "m";
  plan.what.inputs.push_back({"book", std::move(input)});
  plan.what.tasks.emplace_back().id = "t";
  plan.estimates.resize(1);
  return {1, start, plan};
}

journal_entry ended(std::uint64_t sequence, std::string output) {
  protocol::attempt_ended end;
  end.task = "t";
  end.outcome.output = std::move(output);
  end.outcome.cost = protocol::money{5};
  return {sequence, start, end};
}

journal_entry closed(std::uint64_t sequence) {
  protocol::run_closed end;
  end.cost = protocol::money{9};
  return {sequence, start, end};
}

std::string random_text(random_source& source, std::size_t size) {
  std::string text;
  while (text.size() < size)
    text += static_cast<char>('a' + source.below(26));
  return text;
}

/// What a journal's file may become when somebody writes into it.
void tamper(journal_world& it, int change) {
  const auto stream = "run/" + to_string(run);
  actors::store_txn txn;
  if (change == 0) // a text is another
    for (const auto& value : *it.store->list("blob/", "", 10))
      txn.ops.push_back(actors::put_value{value.key, value.value + "!"});
  else if (change == 1) // a run is gone, and what was known of it
    txn.ops = {actors::delete_key{stream}, actors::drop_records{stream, 99}};
  else // the list of runs is shorter
    txn.ops = {actors::drop_records{"runs", 1}};
  REQUIRE(it.store->commit({&txn, 1}, start).front().outcome
          == actors::commit_outcome::committed);
}

/// The same journal with other records of the run.
void rewrite(journal_world& it, const std::vector<std::string>& records) {
  actors::store_txn copy;
  for (const auto& value : *it.store->list("", "", 100))
    copy.ops.push_back(actors::put_value{value.key, value.value});
  copy.ops.push_back(actors::append_records{"run/" + to_string(run), records});
  const auto second = "run/" + to_string(protocol::id{8, 8});
  for (const auto& stream : {std::string{"runs"}, second}) {
    actors::append_records same{stream, {}};
    for (const auto& record : *it.store->read(stream, 0, 10))
      same.records.push_back(record.record);
    copy.ops.push_back(std::move(same));
  }
  auto other = actors::make_memory_store();
  REQUIRE(other->commit({&copy, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  it.store.swap(other);
}

/// Two runs, of which the first has four entries.
void fill(journal_world& it) {
  random_source source{11};
  it.must_add({planned(random_text(source, 1'000)), ended(2, "x")});
  it.must_add({ended(3, "y"), closed(4)});
  it.must_add({planned("x")}, {8, 8});
}

} // namespace

TEST_CASE("SHA-256 is that of FIPS 180-4", "[journal]") {
  CHECK(sha256("abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256("")
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("what a journal keeps comes back as it was, in another process",
          "[journal]") {
  random_source source{3};
  journal_world it;
  std::vector<journal_entry> all{
      planned(random_text(source, 3 * blob_bytes_max + 17))};
  for (std::uint64_t i = 2; i < 600; ++i)
    all.push_back(ended(i, random_text(source, source.below(600))));
  for (std::size_t at = 0; at < all.size();) {
    const auto count = std::min(1 + source.below(20), all.size() - at);
    const auto from = all.begin() + static_cast<std::ptrdiff_t>(at);
    it.must_add({from, from + static_cast<std::ptrdiff_t>(count)});
    at += count;
  }
  auto again = it.again();
  const auto read = again.read(run);
  REQUIRE(read.has_value());
  CHECK(*read == all);
  CHECK(again.verify()->problems.empty());
}

TEST_CASE("a text is kept once, however often it occurs", "[journal]") {
  random_source source{5};
  const auto book = random_text(source, 100'000);
  journal_world it;
  it.must_add({planned(book)});
  const auto before = it.bytes();
  for (std::uint64_t i = 2; i < 102; ++i)
    it.must_add({ended(i, book)});
  CHECK(it.bytes() - before < 100 * 1'000);
}

TEST_CASE("the runs of a journal are listed newest first, with how they stand",
          "[journal]") {
  journal_world it;
  for (std::uint64_t i = 1; i <= 3; ++i)
    it.must_add({planned("x")}, {i, 0});
  it.must_add({ended(2, "done"), closed(3)}, {2, 0});
  const auto runs = it.again().runs(2);
  REQUIRE(runs.has_value());
  REQUIRE(runs->size() == 2);
  CHECK(runs->at(0).run == protocol::id{3, 0});
  CHECK(runs->at(0).state == protocol::run_state::running);
  CHECK(runs->at(0).tasks == 1);
  const auto& second = runs->at(1);
  CHECK(second.run == protocol::id{2, 0});
  CHECK(second.state == protocol::run_state::done);
  CHECK(second.entries == 3);
  CHECK(second.tasks_done == 1);
  CHECK(second.cost == protocol::money{9});
}

TEST_CASE("entries that do not follow those of their run are not kept",
          "[journal]") {
  journal_world it;
  CHECK(it.add({ended(2, "x")}).error().code == errc::journal_damaged);
  it.must_add({planned("x")});
  CHECK(it.add({planned("x")}).error().code == errc::journal_damaged);
  CHECK(it.add({ended(3, "x")}).error().code == errc::journal_damaged);
  CHECK(it.add({ended(2, "x"), ended(2, "x")}).error().code
        == errc::journal_damaged);
  it.must_add({ended(2, "x")});
  CHECK(it.journal.read(run)->size() == 2);
  CHECK(it.journal.read({8, 8}).error().code == errc::unknown_run);
}

TEST_CASE("two batches of one group follow each other, and one that is refused "
          "does not touch the others",
          "[journal]") {
  journal_world it;
  const std::vector<actors::run_entries> group{{run, {planned("x")}},
                                               {{8, 8}, {ended(5, "x")}},
                                               {run, {ended(2, "y")}},
                                               {{9, 9}, {planned("z")}}};
  const auto kept = it.journal.append(group);
  CHECK(kept[0].has_value());
  CHECK_FALSE(kept[1].has_value());
  CHECK(kept[2].has_value());
  CHECK(kept[3].has_value());
  CHECK(it.again().read(run)->size() == 2);
  it.must_add({ended(3, "z")});
  CHECK(it.journal.verify()->problems.empty());
}

TEST_CASE("G5: whatever is changed, taken away or put elsewhere shows",
          "[journal]") {
  journal_world it;
  fill(it);
  const auto good = it.again().verify();
  REQUIRE(good->problems.empty());
  CHECK(good->runs == 2);
  CHECK(good->entries == 5);
  CHECK(it.again().verify(good->head)->problems.empty());
  CHECK_FALSE(it.again().verify(sha256("else"))->problems.empty());
  const auto change = GENERATE(range(0, 3));
  CAPTURE(change);
  tamper(it, change);
  CHECK_FALSE(it.again().verify()->problems.empty());
}

TEST_CASE("G5: a run's records are as they were, or it is not read",
          "[journal]") {
  journal_world it;
  fill(it);
  std::vector<std::string> all;
  for (const auto& record : *it.store->read("run/" + to_string(run), 0, 10))
    all.push_back(record.record);
  REQUIRE(all.size() == 4);
  SECTION("the same are read") {
    rewrite(it, all);
    CHECK(it.again().verify()->problems.empty());
    return;
  }
  SECTION("the last is gone") {
    all.pop_back();
  }
  SECTION("two have changed places") {
    std::swap(all[1], all[2]);
  }
  SECTION("a letter is another") {
    all[2].replace(all[2].find("\"y\""), 3, "\"Y\"");
  }
  rewrite(it, all);
  CHECK_FALSE(it.again().read(run).has_value());
  CHECK_FALSE(it.again().verify()->problems.empty());
}

TEST_CASE("who looks for runs that have not ended reads no others",
          "[run_journal]") {
  journal_world it;
  for (std::uint64_t i = 1; i <= 20; ++i)
    it.must_add({planned("x"), ended(2, "done"), closed(3)}, {1, i});
  it.must_add({planned("x")}, {2, 1});
  it.must_add({planned("x")}, {2, 2});
  it.must_add({planned("x")}, {2, 3});
  it.must_add({ended(2, "done"), closed(3)}, {2, 2});
  const auto found = [&] {
    std::vector<protocol::id> runs;
    for (const auto& each : it.again().orphans().value())
      runs.push_back(each.run);
    return runs;
  };
  const std::vector<protocol::id> open{{2, 3}, {2, 1}};
  CHECK(found() == open);
  CHECK(it.store->list("open/", "", 100)->size() == 2);
  // A journal of before, and a key that a run which has ended has left.
  actors::store_txn older;
  for (const auto& key : {"open/" + to_string(protocol::id{2, 1}),
                          "open/" + to_string(protocol::id{2, 3}),
                          std::string{"open-runs-listed"}})
    older.ops.emplace_back(actors::delete_key{key});
  older.ops.emplace_back(
      actors::put_value{"open/" + to_string(protocol::id{1, 7}), ""});
  REQUIRE(it.store->commit({&older, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  CHECK(found() == open);
  CHECK(it.store->list("open/", "", 100)->size() == 2);
}

TEST_CASE("no bytes in place of a record are taken for one", "[journal]") {
  blobs apart;
  const auto good = make_record(no_hash, run, ended(1, "x"), apart);
  const auto texts = [](const std::string&) -> protocol::result<std::string> {
    return protocol::fail(errc::journal_damaged, "none");
  };
  REQUIRE(parse_record(no_hash, run, good, texts).has_value());
  random_source source{2};
  for (int i = 0; i < 2'000; ++i) {
    auto bad = good;
    bad[source.below(bad.size())] ^= static_cast<char>(1 + source.below(255));
    CHECK_FALSE(parse_record(no_hash, run, bad, texts).has_value());
    CHECK_FALSE(parse_record(no_hash, run,
                             good.substr(0, source.below(good.size())), texts)
                    .has_value());
  }
  CHECK_FALSE(parse_record(no_hash, {7, 2}, good, texts).has_value());
  CHECK_FALSE(parse_record(sha256(""), run, good, texts).has_value());
}
