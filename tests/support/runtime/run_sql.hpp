#pragma once

#include "support/catch.hpp"

#include <sqlite3.h>
#include <string>

namespace troupe::test {

/// What somebody does to a SQLite file behind its owner's back.
inline void run_sql(const std::string& file, const std::string& sql) {
  sqlite3* db = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &db) == SQLITE_OK);
  CHECK(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(db);
}

} // namespace troupe::test
