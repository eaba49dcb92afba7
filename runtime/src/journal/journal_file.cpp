#include "journal/journal_file.hpp"

#include "store/sqlite_store.hpp"
#include "store/store_drivers.hpp"

#include <troupe/actors/log.hpp>
#include <troupe/actors/run_past.hpp>

#include <chrono>
#include <filesystem>
#include <random>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::uint64_t by_chance() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

/// Less than `actors::journal_patience`, more than a failover takes.
constexpr std::chrono::seconds store_patience{40};

result<std::unique_ptr<store_journal>>
open_journal_url(const std::string& url, store_journal::clock now,
                 std::uint64_t seed, protocol::duration lease) {
  auto store = store::open_url(url);
  if (!store)
    return store.error();
  auto leases = std::make_shared<run_leases>(
      [url] { return store::open_url(url); }, now, lease);
  return std::make_unique<store_journal>(
      store::with_patience(std::move(*store), store_patience), std::move(now),
      seed, std::move(leases));
}

} // namespace

result<std::unique_ptr<store_journal>>
open_journal_file(const std::string& file, store_journal::clock now,
                  const std::string& vfs, std::optional<std::uint64_t> seed,
                  protocol::duration lease) {
  if (store::is_url(file))
    return open_journal_url(file, std::move(now), seed ? *seed : by_chance(),
                            lease);
  auto store =
      vfs.empty() ? open_sqlite_store(file) : open_sqlite_store(file, vfs);
  if (!store)
    return store.error();
  return std::make_unique<store_journal>(std::move(*store), std::move(now),
                                         seed ? *seed : by_chance());
}

result<std::unique_ptr<store_journal>>
open_journal_file(const std::string& file) {
  std::error_code ignored;
  if (!store::is_url(file)
      && !std::filesystem::exists(file, ignored)) // opening would make it
    return fail(errc::file_unreadable, "journal '" + file + "': no such file");
  return open_journal_file(file, [] {
    return std::chrono::time_point_cast<protocol::duration>(
        std::chrono::system_clock::now());
  });
}

result<void> check_replay(store_journal& journal, protocol::id run) {
  const auto entries = journal.read(run);
  if (!entries)
    return entries.error();
  const auto other = actors::replay_run(run, *entries);
  if (!other)
    return other.error();
  if (*other == 0)
    return {};
  return fail(errc::journal_damaged, "run " + to_string(run) + ": entry "
                                         + std::to_string(*other)
                                         + " is decided otherwise");
}

result<forgotten_parts> forget_old_runs(const std::string& file,
                                        protocol::instant before,
                                        store_journal::clock now) {
  std::error_code ignored;
  const bool is_file = !store::is_url(file);
  if (is_file && !std::filesystem::exists(file, ignored))
    return forgotten_parts{};
  auto journal = open_journal_file(file, std::move(now));
  if (!journal)
    return journal.error();
  const auto old = (*journal)->forgettable({before, 0});
  if (!old)
    return old.error();
  if (old->empty())
    return forgotten_parts{};
  std::vector<protocol::id> runs;
  runs.reserve(old->size());
  for (const auto& it : *old)
    runs.push_back(it.run);
  auto done = (*journal)->forget_runs(runs, "journal_retention");
  if (!done && !is_file) { // another may do the same
    actors::log(actors::log_level::warn, "journal", "runs-not-forgotten",
                "why=" + done.error().detail);
    return forgotten_parts{};
  }
  journal->reset();
  if (done && is_file)
    if (auto shrunk = shrink_sqlite_store(file); !shrunk)
      return shrunk.error();
  return done;
}

} // namespace troupe
