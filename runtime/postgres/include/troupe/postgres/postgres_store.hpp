#pragma once

#include <troupe/actors/durable_store.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace troupe {

struct postgres_options {
  /// Small letters, digits and `_`; made when there is none. Several stores
  /// may share a database.
  std::string schema = "troupe";
  /// For each host, unless the connection string says another. At most 1h.
  std::chrono::seconds connect_timeout{5};
  /// What a call waits for the server's answer, at most, each of the at most
  /// three times that it asks; at most 1h. Who holds up others amid a commit
  /// for a fifth of it is cut off.
  std::chrono::milliseconds command_timeout{10'000};
  /// Leases, claims and delays go by the server's clock, so that those of
  /// processes need not agree; `now` of the calls is of no account then.
  /// False: by `now`, for tests.
  bool has_server_time = true;
};

/// A store in a PostgreSQL database that many processes use at once: each sees
/// what the others have committed. `conninfo` is a URI or `key=value` text as
/// libpq takes it (https://www.postgresql.org/docs/15/libpq-connect.html), with
/// several hosts where there are: the one that can be written to is taken.
/// The promise of its `capabilities` is what the server is set to do: `quorum`
/// with synchronous standbys, `process` when it does not sync its disk.
///
/// A connection that was lost is made anew by the next call. What was not done
/// for sure is `unavailable`, and a loss while a commit was on its way
/// `unknown`; calls that read answer `unreachable`. So is a commit that the
/// server has not seen reach its standby.
///
/// Errors: `config_invalid` (a text that cannot be read, a schema that is of a
/// later troupe or cannot be made), `unreachable`. None holds the password.
/// Blocking: up to the limits of `options`, besides the look-up of names.
[[nodiscard]] protocol::result<std::unique_ptr<actors::durable_store>>
open_postgres_store(const std::string& conninfo,
                    const postgres_options& options = {});

namespace postgres {

/// Lets this program open `postgresql://...` where a journal is named: to be
/// called once, before a runtime is created. `postgres://...` is the same.
/// Thread safety: any thread.
void install();

} // namespace postgres

} // namespace troupe
