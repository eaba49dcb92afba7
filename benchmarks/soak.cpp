// Does a runtime stay as it is, however long it runs?
//
// Threads start missions of every kind one after the other for some minutes, in
// real time: models with tools, colleagues who are asked, programs as tools,
// code that throws, agents whose process dies, runs that are cancelled, paused,
// or left and resumed from the journal; others write shared state, follow it
// and broadcast. Memory, descriptors, threads and the logs of the stores are
// looked at all the while. Behind the first third, in which tables fill up (the
// ledger and the journal remember the last 10,000 runs), they must not grow.
// What is shorter than ten minutes only shows that all runs end as they should.
// At the end the journal is checked, and its newest runs are decided again.
#include "journal/journal_file.hpp"
#include "measure.hpp"
#include "soak_missions.hpp"

#include <troupe/runtime/runtime.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

namespace {

using namespace troupe::benchmarks;
namespace fs = std::filesystem;

constexpr double mib = 1 << 20;
/// What a third may have above the one before it.
constexpr double memory_slack = 0.05;
constexpr double memory_slack_mib = 8;
constexpr double wal_most_mib = 64;
constexpr int shortest_to_judge = 600;
constexpr std::size_t replayed_max = 2'000;

struct sample {
  double memory_mib = 0;
  double files = 0;
  double threads = 0;
  double wal_mib = 0;
};

double entries_of(const char* folder) {
  return static_cast<double>(
      std::distance(fs::directory_iterator{folder}, fs::directory_iterator{}));
}

double wal_mib(const fs::path& folder) {
  double sum = 0;
  std::error_code ec;
  for (const auto& it : fs::directory_iterator{folder, ec})
    if (it.path().string().ends_with("-wal"))
      sum += static_cast<double>(fs::file_size(it.path(), ec)) / mib;
  return sum;
}

sample look(const fs::path& folder) {
  return {resident_mib(), entries_of("/proc/self/fd"),
          entries_of("/proc/self/task"), wal_mib(folder)};
}

/// What of one figure the thirds of the time say.
struct thirds {
  spread first, second, last;
};

thirds thirds_of(const std::vector<sample>& all, double sample::*what) {
  std::vector<double> parts[3];
  for (std::size_t i = 0; i < all.size(); ++i)
    parts[std::min<std::size_t>(2, 3 * i / all.size())].push_back(all[i].*what);
  return {spread_of(parts[0]), spread_of(parts[1]), spread_of(parts[2])};
}

/// False: the last third has more than the one before, beyond `slack`.
bool tell(const char* what, const thirds& it, const char* unit, double slack) {
  const bool is_flat = it.last.median <= it.second.median + slack;
  print_row(std::string{what} + ", first third", it.first, unit);
  print_row(std::string{what} + ", second third", it.second, unit);
  print_row(std::string{what} + ", last third", it.last, unit,
            is_flat ? "flat" : "GROWS");
  return is_flat;
}

bool report(const std::vector<sample>& all) {
  const auto memory = thirds_of(all, &sample::memory_mib);
  const auto wal = thirds_of(all, &sample::wal_mib);
  bool good = tell("memory", memory, "MiB",
                   memory.second.median * memory_slack + memory_slack_mib);
  good &= tell("descriptors", thirds_of(all, &sample::files), "", 4);
  good &= tell("threads", thirds_of(all, &sample::threads), "", 2);
  good &= tell("logs of the stores", wal, "MiB", 8);
  return good && wal.last.max <= wal_most_mib;
}

/// Decides the newest runs again by their entries, and says which became
/// others; and whether the journal is whole.
void look_at_journal(const fs::path& file, soak_counts& counts) {
  const auto journal = troupe::open_journal_file(file.string());
  if (!journal)
    return counts.tell(journal.error().detail);
  const auto found = (*journal)->verify();
  if (!found)
    return counts.tell(found.error().detail);
  for (const auto& it : found->problems)
    counts.tell("journal: " + it);
  const auto runs = (*journal)->runs(replayed_max);
  if (!runs)
    return counts.tell(runs.error().detail);
  for (const auto& it : *runs)
    if (const auto same = troupe::check_replay(**journal, it.run); !same)
      counts.tell(same.error().detail);
  std::printf("journal: %llu runs, %llu entries; %zu runs decided again\n",
              static_cast<unsigned long long>(found->runs),
              static_cast<unsigned long long>(found->entries), runs->size());
}

void check_all(const soak_counts& counts) {
  for (const auto& it : counts.told())
    std::printf("%s\n\n", it.c_str());
  if (counts.wrong != 0 || counts.done == 0)
    wrong("some runs did not end as they should");
}

fs::path own_folder() {
  auto folder =
      fs::temp_directory_path() / ("soak-" + std::to_string(::getpid()));
  fs::create_directories(folder);
  return folder;
}

} // namespace

int main(int argc, char** argv) {
  if (const auto code = soak_agents())
    return *code;
  const options given{argc,
                      argv,
                      "Does a runtime stay as it is, however long it runs?",
                      {{"seconds", 1'800, "how long"},
                       {"threads", 6, "that start missions"},
                       {"seed", 1, "of the missions"}}};
  print_machine();
  const auto folder = own_folder();
  std::vector<sample> samples;
  soak_counts counts;
  {
    auto host = soak_runtime(folder);
    std::atomic<bool> is_over = false;
    std::vector<std::jthread> drivers;
    for (int i = 0; i < given["threads"]; ++i)
      drivers.emplace_back([&, i] {
        soak_driver driver{host, static_cast<std::uint64_t>(given["seed"] + i),
                           counts};
        while (!is_over)
          driver.step();
      });
    std::mutex mutex;
    std::condition_variable wake; // nobody wakes it
    std::unique_lock lock{mutex};
    const auto start = seconds_now();
    const auto length = static_cast<double>(given["seconds"]);
    const double each = std::max(0.5, length / 360);
    for (int n = 1; seconds_now() - start < length; ++n) {
      (void)wake.wait_for(lock, std::chrono::duration<double>(each));
      samples.push_back(look(folder));
      if (n % 36 == 0) {
        std::printf("%5.0f s  %7.1f MiB  %3.0f files  %s\n",
                    seconds_now() - start, samples.back().memory_mib,
                    samples.back().files, to_text(counts).c_str());
        std::fflush(stdout);
      }
    }
    is_over = true;
  }
  look_at_journal(folder / "runs.db", counts);
  fs::remove_all(folder);
  std::printf("\n%s\n\n", to_text(counts).c_str());
  const bool is_flat = report(samples);
  check_all(counts);
  return is_flat || given["seconds"] < shortest_to_judge ? 0 : 1;
}
