#include "journal/journal_file.hpp"

#include "store/sqlite_store.hpp"

#include <chrono>
#include <filesystem>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

result<std::unique_ptr<store_journal>>
open_journal_file(const std::string& file, store_journal::clock now) {
  auto store = open_sqlite_store(file);
  if (!store)
    return store.error();
  return std::make_unique<store_journal>(std::move(*store), std::move(now));
}

result<std::unique_ptr<store_journal>>
open_journal_file(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) // opening would make it
    return fail(errc::file_unreadable, "journal '" + file + "': no such file");
  return open_journal_file(file, [] {
    return std::chrono::time_point_cast<protocol::duration>(
        std::chrono::system_clock::now());
  });
}

} // namespace troupe
