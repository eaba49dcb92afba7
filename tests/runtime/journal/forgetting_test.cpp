#include "journal/journal_file.hpp"
#include "store/sqlite_store.hpp"
#include "support/catch.hpp"
#include "support/protocol/random_source.hpp"
#include "support/runtime/shared_store.hpp"
#include "support/scratch_folder.hpp"
#include "troupe/runtime/runtime.hpp"

#include <troupe/actors/memory_store.hpp>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::id;
using protocol::instant;
using protocol::test::random_source;

namespace {

const instant start{1'000h};

std::string random_text(random_source& source, std::size_t size) {
  std::string text;
  while (text.size() < size)
    text += static_cast<char>('a' + source.below(26));
  return text;
}

/// A run that has begun: its plan with two texts, the calls of its model and of
/// its tool.
void begin(store_journal& to, id run, const std::string& shared,
           const std::string& own) {
  protocol::run_planned plan;
  plan.what.name = "m";
  plan.what.inputs = {{"shared", shared}, {"own", own}};
  plan.what.tasks.emplace_back().id = "t";
  plan.estimates.resize(1);
  const actors::run_entries batch{run, {{1, start, plan}}};
  REQUIRE(to.append({&batch, 1}).front().has_value());
  actors::keep_call call{run, {}};
  call.what.task = "t";
  call.what.agent = "ann";
  call.what.call = run;
  call.what.reply.content = {protocol::text_part{own + "!"}};
  REQUIRE(to.keep({}, {&call, 1}).calls.front().has_value());
  const auto begun = to.begin({run, "t/ann", "send", "{}", 1, false});
  REQUIRE(begun.has_value());
  REQUIRE(to.end({run, begun->key, {"id", "sent", false}}).has_value());
}

void end(store_journal& to, id run, instant at = start) {
  protocol::run_closed closed;
  closed.state = protocol::run_state::done;
  const actors::run_entries batch{run, {{2, at, closed}}};
  REQUIRE(to.append({&batch, 1}).front().has_value());
}

struct world {
  std::unique_ptr<actors::durable_store> store = actors::make_memory_store();

  /// As another process would open it, an hour later.
  store_journal journal() {
    const auto hour = start + std::chrono::hours{++opened};
    return {std::make_unique<test::shared_store>(*store), [hour] {
              return hour;
            }};
  }

  int opened = 0;

  /// Keys that name a run, or hold its texts.
  std::size_t keys(const std::string& prefix) {
    return store->list(prefix, "", 100'000)->size();
  }
};

std::vector<id> ids(const std::vector<actors::kept_run>& runs) {
  std::vector<id> all;
  for (const auto& it : runs)
    all.push_back(it.run);
  return all;
}

} // namespace

TEST_CASE("a run that is forgotten is gone with what it alone had",
          "[forgetting]") {
  random_source source{1};
  world it;
  auto journal = it.journal();
  const auto shared = random_text(source, 3'000'000); // in several pieces
  begin(journal, {1, 0}, shared, random_text(source, 100'000));
  begin(journal, {2, 0}, shared, random_text(source, 100'000));
  end(journal, {1, 0});
  const auto texts = it.keys("blob/");
  const auto entries = *journal.read({2, 0});
  const auto calls = *journal.calls({2, 0});
  const auto done = it.journal().forget_runs({{1, 0}}, "ann");
  REQUIRE(done.has_value());
  CHECK(done->runs == 1);
  CHECK(done->texts == texts - it.keys("blob/"));
  CHECK(done->texts >= 2);
  for (const auto* kind : {"call/", "effect/", "calls/", "effects/", "run/"})
    CHECK(it.keys(kind + to_string(id{1, 0})) == 0);
  auto after = it.journal();
  CHECK(after.read({1, 0}).error().code == errc::unknown_run);
  CHECK(*after.read({2, 0}) == entries);
  CHECK(*after.calls({2, 0}) == calls);
  CHECK(after.effects({2, 0})->size() == 1);
  CHECK(after.verify()->problems.empty());
  end(after, {2, 0}); // goes on as before
  CHECK(it.journal().verify()->problems.empty());
}

TEST_CASE("a run whose record is too long to stand by itself keeps its texts",
          "[forgetting]") {
  random_source source{2};
  world it;
  auto journal = it.journal();
  protocol::run_planned plan;
  plan.what.name = "m";
  for (int i = 0; i < 2'000; ++i) { // of which some are texts apart
    auto& task = plan.what.tasks.emplace_back();
    task.id = "t" + std::to_string(i);
    task.prompt = random_text(source, i % 10 == 0 ? 400 : 20);
  }
  plan.estimates.resize(2'000);
  const actors::run_entries batch{{2, 0}, {{1, start, plan}}};
  REQUIRE(journal.append({&batch, 1}).front().has_value());
  begin(journal, {1, 0}, "x", "y");
  end(journal, {1, 0});
  const auto before = *journal.read({2, 0});
  REQUIRE(it.journal().forget_runs({{1, 0}}, "ann").has_value());
  const auto after = it.journal().read({2, 0});
  REQUIRE(after.has_value());
  CHECK(*after == before);
}

TEST_CASE("a run that has not ended is never forgotten", "[forgetting]") {
  world it;
  auto journal = it.journal();
  begin(journal, {1, 0}, "x", "y");
  CHECK(journal.forget_runs({{1, 0}}, "ann").error().code
        == errc::invalid_request);
  CHECK(journal.forget_runs({{9, 9}}, "ann").error().code == errc::unknown_run);
  CHECK(journal.forgettable({start + 1'000h, 0})->empty());
  const actors::run_entries pause{
      {1, 0}, {{2, start, protocol::run_suspended{"later"}}}};
  REQUIRE(journal.append({&pause, 1}).front().has_value());
  CHECK(journal.forgettable({start + 1'000h, 0})->empty());
  CHECK(journal.forget_runs({{1, 0}}, "ann").error().code
        == errc::invalid_request);
  CHECK(it.journal().read({1, 0})->size() == 2);
}

TEST_CASE("which runs may go is a matter of when they ended, and how many stay",
          "[forgetting]") {
  world it;
  auto journal = it.journal();
  for (std::uint64_t i = 1; i <= 5; ++i) {
    begin(journal, {i, 0}, "x", "y");
    if (i != 3)
      end(journal, {i, 0}, start + std::chrono::hours{i});
  }
  const auto by = [&](instant before, std::uint64_t keep) {
    return ids(*journal.forgettable({before, keep}));
  };
  CHECK(by(start + 100h, 0) == std::vector<id>{{5, 0}, {4, 0}, {2, 0}, {1, 0}});
  CHECK(by(start + 4h, 0) == std::vector<id>{{2, 0}, {1, 0}});
  CHECK(by(start + 100h, 3) == std::vector<id>{{1, 0}});
  CHECK(by(start + 100h, 9).empty());
  CHECK(by(start, 0).empty());
}

TEST_CASE("G5: a run that somebody took away is not one that was forgotten",
          "[forgetting]") {
  world it;
  auto journal = it.journal();
  for (const std::uint64_t i : {1, 2}) {
    begin(journal, {i, 0}, "x", "y");
    end(journal, {i, 0});
  }
  const auto head = journal.verify()->head;
  REQUIRE(journal.forget_runs({{1, 0}}, "ann").has_value());
  const auto marks = *it.store->read("runs", 0, 100);
  CHECK(marks.back().record.find("\"by\":\"ann\"") != std::string::npos);
  CHECK(it.journal().verify(head)->problems.empty()); // the list goes on
  const auto change = GENERATE(0, 1);
  CAPTURE(change);
  actors::store_txn txn;
  if (change == 0) { // the other run is gone, and nobody said so
    const auto name = "run/" + to_string(id{2, 0});
    txn.ops = {actors::delete_key{name}, actors::drop_records{name, 99}};
  } else { // the list does not say it any more
    txn.ops = {actors::put_value{
        "runs", it.store->list("runs", "", 1)->front().value + " "}};
    txn.ops.emplace_back(actors::drop_records{"runs", 1});
  }
  REQUIRE(it.store->commit({&txn, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  CHECK_FALSE(it.journal().verify()->problems.empty());
}

TEST_CASE("what a process that ended while it forgot has left goes the next "
          "time",
          "[forgetting]") {
  world it;
  auto journal = it.journal();
  for (const std::uint64_t i : {1, 2, 3}) {
    begin(journal, {i, 0}, "x", std::string(1'000, static_cast<char>('a' + i)));
    end(journal, {i, 0});
  }
  // As if only the first commit had come to be.
  actors::store_txn txn;
  txn.ops.emplace_back(actors::put_value{
      "call/" + to_string(id{8, 8}) + "/x/1/1", "{\"$blob\":[]}"});
  txn.ops.emplace_back(
      actors::put_value{"effect/" + to_string(id{8, 8}) + "/x", "{}"});
  txn.ops.emplace_back(actors::put_value{"blob/" + std::string(64, '1'), "x"});
  REQUIRE(it.store->commit({&txn, 1}, start).front().outcome
          == actors::commit_outcome::committed);
  REQUIRE(it.journal().forget_runs({{1, 0}}, "ann").has_value());
  CHECK(it.keys("call/" + to_string(id{8, 8})) == 0);
  CHECK(it.keys("effect/" + to_string(id{8, 8})) == 0);
  CHECK(it.keys("blob/" + std::string(64, '1')) == 0);
  CHECK(it.journal().verify()->problems.empty());
}

TEST_CASE("a journal's file gives back the room of runs that were forgotten",
          "[forgetting]") {
  random_source source{7};
  const test::scratch_folder folder{"forget"};
  const auto file = (folder.path() / "runs.db").string();
  auto now = start;
  const auto open = [&] {
    now += 1h;
    auto opened = open_journal_file(file, [now] { return now; });
    REQUIRE(opened.has_value());
    return std::move(*opened);
  };
  {
    auto journal = open();
    for (std::uint64_t i = 1; i <= 20; ++i) {
      begin(*journal, {i, 0}, "x", random_text(source, 200'000));
      end(*journal, {i, 0});
    }
  }
  CHECK_FALSE(*shrink_sqlite_store(file)); // nothing is free
  const auto before = std::filesystem::file_size(file);
  {
    auto journal = open();
    const auto old = journal->forgettable({start + 1h, 2});
    REQUIRE(old->size() == 18);
    REQUIRE(journal->forget_runs(ids(*old), "ann").has_value());
  }
  CHECK(*shrink_sqlite_store(file));
  CHECK(std::filesystem::file_size(file) < before / 5);
  auto journal = open();
  CHECK(journal->verify()->problems.empty());
  CHECK(journal->runs(100)->size() == 2);
  CHECK(shrink_sqlite_store(file).error().code == errc::config_invalid);
}

TEST_CASE("a program that starts lets go of runs older than its configuration "
          "says",
          "[runtime][forgetting]") {
  const test::scratch_folder folder{"retention"};
  runtime_config config;
  config.threads = 1;
  config.log.level = log_level::off;
  config.journal = (folder.path() / "runs.db").string();
  config.journal_retention = 24h;
  const auto present = std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
  REQUIRE(runtime::create(config).has_value()); // there is no file yet
  {
    auto journal = open_journal_file(config.journal, [] { return start; });
    for (const std::uint64_t i : {1, 2, 3})
      begin(**journal, {i, 0}, "x", "y");
    end(**journal, {1, 0}, start);
    end(**journal, {2, 0}, present);
  }
  REQUIRE(runtime::create(config).has_value());
  const auto journal = open_journal_file(config.journal);
  CHECK(ids(*(*journal)->runs(10)) == std::vector<id>{{3, 0}, {2, 0}});
  CHECK((*journal)->verify()->problems.empty());
}

TEST_CASE("how long runs stay is read, and bounded", "[config][forgetting]") {
  const test::scratch_folder folder{"retention"};
  const auto load = [&](const std::string& text) {
    return load_config(
        folder.write("troupe.yaml", text),
        [](const std::string&) { return std::optional<std::string>{}; });
  };
  CHECK(load("journal_retention: 30d").config.journal_retention == 720h);
  CHECK(load("seed: 1").config.journal_retention == 0s);
  for (const auto* bad : {"0s", "59m", "4000d", "-1h", "soon", "[]"})
    CHECK_FALSE(
        load("journal_retention: " + std::string{bad}).problems.empty());
  runtime_config config;
  config.journal_retention = 1s;
  CHECK_FALSE(check_config(config).empty());
}
