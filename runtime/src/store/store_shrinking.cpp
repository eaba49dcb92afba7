#include "store/sqlite_store.hpp"
#include "store/store_file.hpp"

#include <sqlite3.h>

namespace troupe {

using protocol::result;

namespace {

/// `PRAGMA page_count` and the like.
result<std::int64_t> number_of(store::store_file& file, const char* text) {
  sqlite3_stmt* made = nullptr;
  if (sqlite3_prepare_v2(file.get(), text, -1, &made, nullptr) != SQLITE_OK)
    return file.problem();
  const auto code = sqlite3_step(made);
  const auto number = sqlite3_column_int64(made, 0);
  sqlite3_finalize(made);
  if (code != SQLITE_ROW)
    return file.problem();
  return number;
}

} // namespace

result<bool> shrink_sqlite_store(const std::string& name) {
  store::store_file file{name};
  if (auto good = file.open(nullptr); !good)
    return good.error();
  const auto free = number_of(file, "PRAGMA freelist_count");
  const auto all = number_of(file, "PRAGMA page_count");
  if (!free || !all)
    return free ? all.error() : free.error();
  if (*free == 0 || *free < *all / 4)
    return false;
  if (sqlite3_exec(file.get(), "VACUUM", nullptr, nullptr, nullptr) != SQLITE_OK
      || sqlite3_wal_checkpoint_v2(file.get(), nullptr,
                                   SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr)
             != SQLITE_OK)
    return file.problem();
  return true;
}

} // namespace troupe
