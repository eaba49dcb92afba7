// What does it cost to commit to a durable store?
//
// Puts alone and 64 a group, records of 300 bytes one by one and 100 at a time,
// tasks from enqueue to ack, and how long from a put until its change is read:
// in memory, in a SQLite file, and beside it the same statements by bare
// SQLite, which knows no requirements, ids, refusals or limits.
#include "bare_store.hpp"
#include "measure.hpp"
#include "store/sqlite_store.hpp"

#include <troupe/actors/memory_store.hpp>

#include <cstdio>
#include <filesystem>
#include <functional>
#include <unistd.h>

namespace {

using namespace troupe::benchmarks;
namespace protocol = troupe::protocol;
using namespace troupe::actors;

constexpr std::size_t keys = 10'000;
constexpr protocol::instant now{protocol::duration{1}};

/// A file of its own, gone afterwards.
class scratch_file {
public:
  scratch_file()
      : path_(std::filesystem::current_path()
              / ("troupe-store-" + std::to_string(getpid()))) {
    remove();
  }
  ~scratch_file() { remove(); }
  scratch_file(const scratch_file&) = delete;
  scratch_file& operator=(const scratch_file&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }

private:
  void remove() const {
    std::error_code ignored;
    for (const auto* more : {"", "-wal", "-journal"})
      std::filesystem::remove(path_.string() + more, ignored);
  }

  std::filesystem::path path_;
};

std::string key_of(std::int64_t i) {
  return "run/" + std::to_string(static_cast<std::size_t>(i) % keys);
}

void must(const std::vector<commit_result>& all) {
  for (const auto& it : all)
    if (it.outcome != commit_outcome::committed)
      wrong("a commit was not committed");
}

protocol::id id_of(std::int64_t i) {
  return {1, static_cast<std::uint64_t>(i) + 1};
}

/// What is done `count` times, on a store and on the floor.
struct work {
  std::function<void(durable_store&, std::int64_t count)> ours;
  std::function<void(bare_store&, std::int64_t count)> floor;
};

work puts(std::int64_t group) {
  const std::string value(300, 'v');
  return {[=](durable_store& to, std::int64_t count) {
            std::vector<store_txn> some;
            for (std::int64_t i = 0; i < count; ++i) {
              some.push_back({id_of(i), {}, {put_value{key_of(i), value}}});
              if (std::ssize(some) < group && i + 1 < count)
                continue;
              must(to.commit(some, now));
              some.clear();
            }
          },
          [=](bare_store& to, std::int64_t count) {
            for (std::int64_t i = 0; i < count;) {
              to.begin();
              for (auto left = group; left > 0 && i < count; --left, ++i) {
                to.put(key_of(i), value);
                to.note(static_cast<std::uint64_t>(i));
              }
              to.commit();
            }
          }};
}

/// `count` records, so many a commit.
work appends(std::int64_t at_once) {
  const std::string record(300, 'r');
  const auto some = [=](std::int64_t left) {
    return std::vector<std::string>(
        static_cast<std::size_t>(std::min(left, at_once)), record);
  };
  return {[=](durable_store& to, std::int64_t count) {
            for (std::int64_t i = 0; i < count; i += at_once) {
              const store_txn one{
                  id_of(i), {}, {append_records{"s", some(count - i)}}};
              must(to.commit({&one, 1}, now));
            }
          },
          [=](bare_store& to, std::int64_t count) {
            for (std::int64_t i = 0; i < count; i += at_once) {
              to.begin();
              to.append(some(count - i));
              to.note(static_cast<std::uint64_t>(i));
              to.commit();
            }
          }};
}

/// Enqueued, claimed and acknowledged, one after the other.
work tasks() {
  const std::string body(300, 'b');
  return {[=](durable_store& to, std::int64_t count) {
            for (std::int64_t i = 0; i < count; ++i) {
              const store_txn in{
                  id_of(2 * i), {}, {enqueue_task{"q", body, {}, {}}}};
              must(to.commit({&in, 1}, now));
              const auto got = to.claim("q", 1, protocol::duration{9}, now);
              if (!got || got->size() != 1)
                wrong("no task");
              const store_txn out{
                  id_of(2 * i + 1),
                  {},
                  {ack_task{got->front().task, got->front().token}}};
              must(to.commit({&out, 1}, now));
            }
          },
          [=](bare_store& to, std::int64_t count) {
            for (std::int64_t i = 0; i < count; ++i) {
              const auto id = static_cast<std::uint64_t>(2 * i);
              to.begin();
              to.enqueue(body);
              to.note(id);
              to.commit();
              to.begin();
              const auto task = to.claim();
              to.commit();
              to.begin();
              to.ack(task);
              to.note(id + 1);
              to.commit();
            }
          }};
}

/// A put, and then its change is read.
work sights() {
  const std::string value(300, 'v');
  return {[=](durable_store& to, std::int64_t count) {
            std::uint64_t cursor = 0;
            for (std::int64_t i = 0; i < count; ++i) {
              const store_txn one{id_of(i), {}, {put_value{key_of(i), value}}};
              must(to.commit({&one, 1}, now));
              const auto seen = to.changes(cursor, {}, 100);
              if (!seen || seen->size() != 1)
                wrong("the change is not there");
              cursor = seen->back().cursor;
            }
          },
          [=](bare_store& to, std::int64_t count) {
            std::int64_t cursor = 0;
            for (std::int64_t i = 0; i < count; ++i) {
              to.begin();
              to.put(key_of(i), value);
              to.note(static_cast<std::uint64_t>(i));
              to.commit();
              cursor = to.see(cursor);
            }
            if (cursor != count)
              wrong("a change of the floor is missing");
          }};
}

double seconds_of(const std::function<void()>& what) {
  const auto begin = seconds_now();
  what();
  return seconds_now() - begin;
}

double in_memory(const work& what, std::int64_t count) {
  const auto store = make_memory_store();
  return seconds_of([&] { what.ours(*store, count); });
}

double in_file(const work& what, std::int64_t count) {
  const scratch_file file;
  const auto store = troupe::open_sqlite_store(file.path());
  if (!store)
    wrong("the store's file could not be used");
  return seconds_of([&] { what.ours(**store, count); });
}

double by_floor(const work& what, std::int64_t count) {
  const scratch_file file;
  bare_store store{file.path()};
  return seconds_of([&] { what.floor(store, count); });
}

/// How a time of `count` is told.
using reading = double (*)(double seconds, std::int64_t count);

double thousands(double seconds, std::int64_t count) {
  return static_cast<double>(count) / seconds / 1e3;
}

double microseconds(double seconds, std::int64_t count) {
  return seconds / static_cast<double>(count) * 1e6;
}

void compare(const char* title, const work& what, std::int64_t count,
             std::int64_t rounds, reading read = thousands,
             const char* unit = "k/s") {
  std::vector<double> memory, floor, file;
  for (std::int64_t i = 0; i < rounds; ++i) {
    memory.push_back(read(in_memory(what, count), count));
    floor.push_back(read(by_floor(what, count), count));
    file.push_back(read(in_file(what, count), count));
  }
  std::printf("%s\n", title);
  print_row("  in memory", spread_of(memory), unit);
  print_row("  floor: bare SQLite", spread_of(floor), unit);
  print_row("  in a file", spread_of(file), unit);
}

} // namespace

int main(int argc, char** argv) {
  const options option{
      argc,
      argv,
      "What do commits to a durable store cost? Some 30 seconds; writes a file "
      "of some MiB in the current folder.",
      {{"rounds", 5, "of each case"},
       {"count", 1'000, "commits of a round, one by one"}}};
  print_machine();
  const auto rounds = std::max<std::int64_t>(option["rounds"], 1);
  const auto count = std::max<std::int64_t>(option["count"], 100);
  compare("puts of 300 bytes, one by one", puts(1), count, rounds);
  compare("puts of 300 bytes, 64 a group", puts(64), 20 * count, rounds);
  compare("records of 300 bytes, one by one", appends(1), count, rounds);
  compare("records of 300 bytes, 100 a commit", appends(100), 50 * count,
          rounds);
  compare("tasks enqueued, claimed and acknowledged", tasks(), count / 2,
          rounds);
  compare("from a put until its change is read", sights(), count, rounds,
          microseconds, "us");
  return 0;
}
