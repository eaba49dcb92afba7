// What a store on PostgreSQL bears whose primary is killed again and again:
// commits numbers one behind the other until its standard input ends, then
// reads what is there. Prints each time without commits, and a summary. Exit:
// 0 when nothing acknowledged is lost and nothing is there twice.
#include <troupe/postgres/postgres_store.hpp>

#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <poll.h>
#include <set>
#include <string>
#include <unistd.h>

namespace {

using namespace troupe;
using namespace std::chrono_literals;
using actors::commit_outcome;
using std::chrono::steady_clock;

constexpr auto stream = "failover-probe";
constexpr auto worth_telling = 500ms;

struct counts {
  std::set<std::uint64_t> acknowledged;
  std::uint64_t unknown = 0;  ///< Answers that nobody knew.
  std::uint64_t resolved = 0; ///< Numbers whose fate the same id told.
  std::uint64_t away = 0;
};

void rest(int milliseconds) {
  (void)::poll(nullptr, 0, milliseconds);
}

bool has_ended() {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  return ::poll(&input, 1, 0) == 1;
}

/// Until it is there, under one id.
void commit(actors::durable_store& store, std::uint64_t number,
            std::uint64_t life, counts& to) {
  actors::store_txn txn;
  txn.id = {life, number};
  txn.ops.push_back(actors::append_records{stream, {std::to_string(number)}});
  bool was_unknown = false;
  for (;;) {
    const auto said = store.commit({&txn, 1}, {}).front();
    if (said.outcome == commit_outcome::committed)
      break;
    if (said.outcome == commit_outcome::unknown) {
      ++to.unknown;
      was_unknown = true;
    } else
      ++to.away;
    rest(20);
  }
  to.resolved += was_unknown ? 1 : 0;
  to.acknowledged.insert(number);
}

/// How often each number is there.
std::map<std::uint64_t, int> read_all(actors::durable_store& store) {
  std::map<std::uint64_t, int> found;
  std::uint64_t after = 0;
  for (;;) {
    const auto records = store.read(stream, after, 1'000);
    if (!records) {
      rest(100);
      continue;
    }
    if (records->empty())
      return found;
    for (const auto& it : *records)
      ++found[std::stoull(it.record)];
    after = records->back().sequence;
  }
}

int judge(const counts& it, const std::map<std::uint64_t, int>& found) {
  std::size_t lost = 0;
  std::size_t twice = 0;
  for (const auto number : it.acknowledged)
    lost += found.count(number) == 0 ? 1 : 0;
  for (const auto& [number, times] : found)
    twice += times > 1 ? 1 : 0;
  std::printf("probe: %zu acknowledged, %zu lost, %zu twice; %llu answers "
              "unknown, %llu numbers resolved by id, %llu answers away\n",
              it.acknowledged.size(), lost, twice,
              static_cast<unsigned long long>(it.unknown),
              static_cast<unsigned long long>(it.resolved),
              static_cast<unsigned long long>(it.away));
  return lost == 0 && twice == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::puts("usage: troupe_failover_probe CONNINFO");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto store = open_postgres_store(argv[1]);
  if (!store) {
    std::puts(store.error().detail.c_str());
    return 2;
  }
  const auto life = static_cast<std::uint64_t>(::getpid());
  counts all;
  auto last = steady_clock::now();
  for (std::uint64_t number = 1; !has_ended(); ++number) {
    commit(**store, number, life, all);
    const auto now = steady_clock::now();
    if (now - last > worth_telling)
      std::printf("gap %lld\n",
                  static_cast<long long>(
                      std::chrono::ceil<std::chrono::milliseconds>(now - last)
                          .count()));
    last = now;
    rest(5);
  }
  return judge(all, read_all(**store));
}
