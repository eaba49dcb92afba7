#pragma once

#include "support/actors/show_result.hpp"
#include "support/catch.hpp"
#include "support/postgres/postgres_server.hpp"

#include <troupe/postgres/postgres_store.hpp>

#include <chrono>
#include <thread>

namespace troupe::test {

using store_pointer = std::unique_ptr<actors::durable_store>;

[[nodiscard]] inline protocol::instant wall_clock() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

/// A schema of its own on the shared server, for one test.
class postgres_place {
public:
  postgres_place() {
    static int last = 0;
    options.schema = "place_" + std::to_string(++last);
  }

  [[nodiscard]] protocol::result<store_pointer>
  try_open(const std::string& more = {}) const {
    return open_postgres_store(server.conninfo() + more, options);
  }
  [[nodiscard]] store_pointer open() const {
    auto it = try_open();
    if (!it)
      FAIL(it.error().detail);
    return std::move(*it);
  }
  /// Cuts all connections of stores.
  void cut() const {
    server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
               "application_name = 'troupe'");
  }

  postgres_server& server = postgres_server::shared();
  postgres_options options;
};

/// One commit, asked again for as long as nobody knows or it cannot be, at
/// most a minute; counts how often that was.
struct stubborn_commit {
  actors::durable_store& store;
  int unknown = 0;
  int unavailable = 0;

  actors::commit_result operator()(const actors::store_txn& it) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes{1};
    for (;;) {
      auto done = store.commit({&it, 1}, wall_clock()).at(0);
      unknown += done.outcome == actors::commit_outcome::unknown ? 1 : 0;
      unavailable +=
          done.outcome == actors::commit_outcome::unavailable ? 1 : 0;
      if (done.outcome == actors::commit_outcome::committed
          || done.outcome == actors::commit_outcome::refused
          || std::chrono::steady_clock::now() > end)
        return done;
      std::this_thread::yield();
    }
  }
};

} // namespace troupe::test
