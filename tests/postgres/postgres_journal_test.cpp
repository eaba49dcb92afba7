// Several processes' journals on one database.
#include "journal/store_journal.hpp"
#include "store/store_drivers.hpp"
#include "support/postgres/postgres_place.hpp"
#include "troupe/runtime/runtime.hpp"

#include <atomic>
#include <csignal>
#include <semaphore>
#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace troupe;
using protocol::errc;
using protocol::id;

namespace {

/// A journal as a process opens it; its runs are extended when it says so.
struct process_journal {
  explicit process_journal(const test::postgres_place& place,
                           std::uint64_t seed, protocol::duration ttl = 1min)
      : leases(std::make_shared<run_leases>(
          [&place] { return place.try_open(); }, test::wall_clock, ttl, false)),
        journal(place.open(), test::wall_clock, seed, leases) {}

  protocol::result<void> add(id run, std::uint64_t sequence,
                             protocol::journal_fact what) {
    const actors::run_entries batch{
        run, {{sequence, test::wall_clock(), std::move(what)}}};
    return journal.append({&batch, 1}).front();
  }
  protocol::result<void> begin(id run, const std::string& text = "x") {
    protocol::run_planned plan;
    plan.what.name = "m";
    plan.what.inputs = {{"book", text}};
    plan.what.tasks.emplace_back().id = "t";
    plan.estimates.resize(1);
    return add(run, 1, plan);
  }
  protocol::result<void> end(id run, std::uint64_t sequence = 2) {
    protocol::run_closed closed;
    closed.state = protocol::run_state::done;
    return add(run, sequence, closed);
  }

  std::shared_ptr<run_leases> leases;
  store_journal journal;
};

protocol::journal_fact answer(const std::string& text) {
  protocol::attempt_ended end;
  end.task = "t";
  end.outcome.output = text;
  return end;
}

/// What is wrong with a journal, of which so many runs are expected.
std::vector<std::string> problems(process_journal& it, std::uint64_t runs) {
  const auto found = it.journal.verify();
  REQUIRE(found.has_value());
  CHECK(found->runs == runs);
  return found->problems;
}

const std::vector<std::string> none;

/// Begins and ends runs that share long texts with those of others; why it
/// could not.
std::string write_runs(process_journal& to, std::uint64_t writer, int runs) {
  std::string failed;
  const auto note = [&](const protocol::result<void>& done) {
    if (!done)
      failed += done.error().detail + "; ";
  };
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(runs); ++i) {
    const id run{writer, i + 1};
    const auto text = std::string(2'000, static_cast<char>('a' + i % 2));
    note(to.begin(run, text));
    note(to.add(run, 2, answer(text + "!")));
    // Nobody forgets it before it has ended: all of its texts are there.
    if (const auto read = to.journal.read(run); !read)
      note(read.error());
    note(to.end(run, 3));
    to.leases->release(run);
    to.leases->extend();
  }
  return failed;
}

} // namespace

TEST_CASE("several processes keep runs in one journal", "[run_journal]") {
  const test::postgres_place place;
  (void)place.open();
  constexpr int writers = 4;
  constexpr int runs = 12;
  std::atomic<int> failed = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t i = 1; i <= writers; ++i)
    threads.emplace_back([&, i] {
      process_journal own{place, i};
      failed += write_runs(own, i, runs).empty() ? 0 : 1;
      for (int k = 0; k < 5; ++k)
        failed += own.journal.keep_health({}) ? 0 : 1;
    });
  for (auto& it : threads)
    it.join();
  CHECK(failed == 0);
  process_journal reader{place, 9};
  CHECK(problems(reader, writers * runs) == none);
  CHECK(reader.journal.health(100).value().size() == 5 * writers);
}

TEST_CASE("runs are forgotten while other processes write", "[run_journal]") {
  const test::postgres_place place;
  process_journal keeper{place, 1};
  constexpr int runs = 25;
  constexpr std::size_t writers = 3;
  std::atomic<std::size_t> ended = 0;
  std::vector<std::string> failed(writers);
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < writers; ++i)
    threads.emplace_back([&, i] {
      process_journal own{place, i + 2};
      failed[i] = write_runs(own, i + 2, runs);
      ++ended;
    });
  std::uint64_t forgotten = 0;
  std::string why;
  while (ended < writers && why.empty()) {
    const auto old = keeper.journal.forgettable({test::wall_clock(), 0});
    std::vector<id> which;
    for (const auto& it : old.value())
      which.push_back(it.run);
    const auto done = keeper.journal.forget_runs(which, "test");
    if (done)
      forgotten += done->runs;
    else
      why = done.error().detail;
  }
  for (auto& it : threads)
    it.join();
  CHECK(why == "");
  CHECK(failed == std::vector<std::string>(writers));
  CHECK(forgotten > 0);
  CHECK(problems(keeper, writers * runs - forgotten) == none);
}

TEST_CASE("N3: who has lost a run commits nothing more for it",
          "[run_journal]") {
  const test::postgres_place place;
  process_journal one{place, 1, 50ms};
  process_journal other{place, 2};
  const id run{5, 1};
  REQUIRE(one.begin(run));
  CHECK(other.add(run, 2, answer("theirs")).error().code
        == errc::journal_failed); // it has not taken it
  protocol::result<void> taken = protocol::error{};
  while (!taken) // until the lease has run out
    taken = other.leases->take(run);
  CHECK(one.add(run, 2, answer("late")).error().code == errc::journal_failed);
  CHECK(one.leases->token_of(run) == 0);
  actors::keep_call call{run, {}};
  call.what.task = "t";
  CHECK_FALSE(one.journal.keep({}, {&call, 1}).calls.front());
  CHECK_FALSE(one.journal.begin({run, "t/ann", "send", "{}", 1, false}));
  REQUIRE(other.add(run, 2, answer("first")));
  CHECK_FALSE(one.add(run, 3, answer("later")));
  CHECK(one.leases->take(run).error().code == errc::unknown_run);
  REQUIRE(other.end(run, 3));
  CHECK(problems(one, 1) == none);
  CHECK(one.journal.read(run).value().size() == 3);
}

TEST_CASE("a run that is extended stays one's own", "[run_journal]") {
  const test::postgres_place place;
  process_journal one{place, 1, 300ms};
  process_journal other{place, 2};
  REQUIRE(one.begin({5, 1}));
  const auto token = one.leases->token_of({5, 1});
  const auto end = std::chrono::steady_clock::now() + 1s;
  while (std::chrono::steady_clock::now() < end) {
    one.leases->extend();
    REQUIRE_FALSE(other.leases->take({5, 1}));
  }
  CHECK(one.leases->token_of({5, 1}) == token);
  CHECK(one.end({5, 1}));
}

TEST_CASE("of processes that take a run at once one does", "[run_journal]") {
  const test::postgres_place place;
  const id run{5, 1};
  {
    process_journal gone{place, 9};
    REQUIRE(gone.begin(run));
  }
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  std::vector<std::unique_ptr<process_journal>> all;
  for (std::uint64_t i = 0; i < 6; ++i)
    all.push_back(std::make_unique<process_journal>(place, i));
  for (auto& it : all)
    threads.emplace_back(
        [&won, &it, run] { won += it->leases->take(run) ? 1 : 0; });
  for (auto& it : threads)
    it.join();
  CHECK(won == 1);
}

TEST_CASE("orphans are the runs that have not ended and that nobody works on",
          "[run_journal]") {
  const test::postgres_place place;
  process_journal reader{place, 1};
  {
    process_journal one{place, 2};
    REQUIRE(one.begin({5, 1}));
    REQUIRE(one.begin({5, 2}));
    REQUIRE(one.end({5, 2}));
    CHECK(reader.journal.orphans().value().empty());
  }
  const auto left = reader.journal.orphans().value();
  REQUIRE(left.size() == 1);
  CHECK(left.front().run == id{5, 1});
  REQUIRE(reader.leases->take({5, 1})); // asking has not taken it
  CHECK(reader.journal.orphans().value().empty());
}

namespace {

/// Keeps entries of a run until the run is lost. One that is not kept for
/// another reason, such as a connection that was cut meanwhile, is tried again.
[[noreturn]] void write_until_refused(const test::postgres_place& place, id run,
                                      int to) {
  process_journal own{place, 3, 500ms};
  if (!own.begin(run))
    _exit(1);
  int failed = 0;
  for (std::uint64_t i = 2; failed < 100;) {
    const auto kept = own.add(run, i, answer("child"));
    const char said = kept ? 'k' : 'r';
    if (write(to, &said, 1) != 1)
      _exit(2);
    if (!kept && own.leases->token_of(run) == 0)
      _exit(0);
    failed += kept ? 0 : 1;
    i += kept ? 1 : 0;
    own.leases->extend();
  }
  _exit(3);
}

} // namespace

TEST_CASE("N3: a process that stood still while another took its run over is "
          "refused when it goes on",
          "[run_journal]") {
  const test::postgres_place place;
  process_journal other{place, 4};
  const id run{6, 1};
  int ends[2] = {};
  REQUIRE(pipe(ends) == 0);
  const auto child = fork();
  if (child == 0)
    write_until_refused(place, run, ends[1]);
  close(ends[1]);
  char said = 0;
  for (int i = 0; i < 5; ++i)
    REQUIRE(read(ends[0], &said, 1) == 1);
  CHECK(said == 'k');
  CHECK_FALSE(other.leases->take(run));
  REQUIRE(::kill(child, SIGSTOP) == 0);
  protocol::result<void> taken = protocol::error{};
  while (!taken)
    taken = other.leases->take(run);
  const auto before = other.journal.read(run).value().size();
  REQUIRE(other.add(run, before + 1, answer("other")));
  REQUIRE(::kill(child, SIGCONT) == 0);
  while (read(ends[0], &said, 1) == 1) {
  }
  close(ends[0]);
  CHECK(said == 'r');
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(other.journal.read(run).value().size() == before + 1);
  REQUIRE(other.end(run, before + 2));
  CHECK(problems(other, 1) == none);
}
