// A process that is killed while it commits, and what its file says then.
#include "support/runtime/store_workload.hpp"
#include "support/runtime/store_world.hpp"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace troupe;

namespace {

constexpr std::uint64_t group_max = 8;

/// What a process says before it is killed.
struct word {
  std::uint64_t number = 0;   ///< Of a commit that was acknowledged.
  std::uint64_t revision = 0; ///< It has told.
  std::uint64_t token = 0;    ///< Of the lease.
};

/// Commits from `first` on and says so, until it is killed.
[[noreturn]] void commit_for_ever(const std::string& file, std::uint64_t first,
                                  int to) {
  auto store = open_sqlite_store(file);
  if (!store)
    _exit(1);
  const auto now = test::at_ns(1'000);
  for (auto number = first;;) {
    std::vector<actors::store_txn> group;
    for (std::uint64_t i = 0; i < 1 + number % group_max; ++i)
      group.push_back(test::numbered_txn(number + i));
    const auto done = (*store)->commit(group, now);
    const auto token =
        (*store)->lease("l" + std::to_string(number), 0, {}, now);
    if (!token)
      _exit(2);
    for (const auto& it : done) {
      if (it.outcome != actors::commit_outcome::committed)
        _exit(3);
      const word said{number++, it.numbers.at(0), *token};
      if (write(to, &said, sizeof said) != sizeof said)
        _exit(4);
    }
  }
}

/// Lets a process commit until it has said so much and a little longer; all it
/// has said.
std::vector<word> kill_after(const std::string& file, std::uint64_t first,
                             std::size_t words, std::size_t spins) {
  int ends[2] = {};
  REQUIRE(pipe(ends) == 0);
  const auto child = fork();
  if (child == 0) {
    close(ends[0]);
    commit_for_ever(file, first, ends[1]);
  }
  close(ends[1]);
  std::vector<word> out;
  word said;
  while (out.size() < words && read(ends[0], &said, sizeof said) > 0)
    out.push_back(said);
  protocol::test::random_source random{spins};
  while (spins-- > 0)
    (void)random.next();
  kill(child, SIGKILL);
  while (read(ends[0], &said, sizeof said) == sizeof said)
    out.push_back(said);
  close(ends[0]);
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  return out;
}

} // namespace

TEST_CASE("Q1: kill -9 at any moment loses no commit that was acknowledged and "
          "halves none",
          "[store]") {
  const test::scratch_folder folder{"store-crash"};
  const auto file = (folder.path() / "troupe.store").string();
  protocol::test::random_source random{5};
  word most;
  std::uint64_t first = 1;
  std::size_t acknowledged = 0;
  for (int kills = 0; kills < 40; ++kills) {
    const auto said =
        kill_after(file, first, random.below(25), random.below(400'000));
    auto store = open_sqlite_store(file);
    REQUIRE(store);
    std::string problem;
    const auto there = test::numbers_in(**store, problem);
    REQUIRE(problem.empty());
    for (const auto& it : said) {
      REQUIRE(there.count(it.number) == 1);
      REQUIRE(it.revision > most.revision);
      REQUIRE(it.token >= most.token);
      most = it;
    }
    acknowledged += said.size();
    // No more than the group that it was at.
    REQUIRE(there.size() <= first - 1 + said.size() + group_max);
    const auto now = test::at_ns(1'000);
    const auto token = (*store)->lease("after", 0, {}, now).value();
    REQUIRE(token > most.token);
    most.token = token;
    first = there.empty() ? 1 : *there.rbegin() + 1;
    for (auto number = first < 20 ? 1 : first - 20; number < first; ++number) {
      const auto again = test::numbered_txn(number);
      REQUIRE((*store)->commit({&again, 1}, now).at(0).outcome
              == actors::commit_outcome::committed);
    }
    REQUIRE(static_cast<std::uint64_t>((*store)->funds("sum").value())
            == there.size());
  }
  CHECK(acknowledged > 300);
}
