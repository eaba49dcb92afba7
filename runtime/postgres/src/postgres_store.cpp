#include "postgres_store.hpp"

#include "store/store_drivers.hpp"
#include "troupe/postgres/postgres_store.hpp"

#include <algorithm>

namespace troupe {

namespace postgres {

using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;

namespace {

constexpr std::size_t forget_rounds = 100'000;

bool is_schema_name(const std::string& it) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
  };
  return !it.empty() && it.size() < 64 && is_letter(it.front())
         && std::all_of(it.begin(), it.end(), [&](char c) {
              return is_letter(c) || (c >= '0' && c <= '9');
            });
}

bool is_limit(std::chrono::milliseconds it, std::chrono::milliseconds least) {
  return it >= least && it <= std::chrono::hours{1};
}

} // namespace

protocol::error postgres_store::in_doubt() {
  return fail(errc::unreachable,
              "PostgreSQL: the wait for a standby was broken off");
}

result<std::vector<rows>> postgres_store::ask(std::vector<query> all) {
  if (auto good = to_.open(); !good)
    return good.error();
  auto done = to_.send(all);
  if (done.failure) {
    roll_back();
    return done.failure->why;
  }
  return std::move(done.all);
}

void postgres_store::roll_back() {
  const std::vector<query> undo{{sql::rollback}};
  if (to_.is_open())
    if (const auto undone = to_.send(undo); undone.failure)
      to_.close();
}

result<void> postgres_store::finish(std::vector<query> writes) {
  writes.push_back({sql::commit});
  const auto done = to_.send(writes);
  if (done.failure) {
    roll_back();
    return done.failure->why;
  }
  if (done.is_in_doubt)
    return in_doubt();
  return {};
}

result<bool> postgres_store::change(query it) {
  std::vector<query> all;
  all.push_back(std::move(it));
  if (auto good = to_.open(); !good)
    return good.error();
  const auto done = to_.send(all);
  if (done.failure)
    return done.failure->why;
  if (done.is_in_doubt)
    return in_doubt();
  return !done.all.front().tag().ends_with(" 0");
}

result<void> postgres_store::forget(std::uint64_t cursor, instant before) {
  const auto up_to = bound_of(cursor);
  if (auto done = change({sql::set_forgotten, values{}.add(up_to)}); !done)
    return done.error();
  // In pieces, so that nobody waits long and none is too large to end in time.
  for (const auto& [which, bound] : {std::pair{sql::drop_changes, up_to},
                                     std::pair{sql::drop_txns, ns_of(before)}})
    for (std::size_t i = 0; i < forget_rounds; ++i) {
      const auto done = change({which, values{}.add(bound)});
      if (!done)
        return done.error();
      if (!*done)
        break;
    }
  return {};
}

void install() {
  for (const auto* scheme : {"postgresql", "postgres"})
    store::add_driver(scheme, [](const std::string& url) {
      return open_postgres_store(url);
    });
}

} // namespace postgres

using protocol::errc;
using protocol::fail;
using protocol::result;

result<std::unique_ptr<actors::durable_store>>
open_postgres_store(const std::string& conninfo,
                    const postgres_options& options) {
  if (!postgres::is_schema_name(options.schema))
    return fail(errc::config_invalid,
                "PostgreSQL: '" + options.schema
                    + "' is no name of a schema: small letters, digits, _");
  if (!postgres::is_limit(options.connect_timeout, std::chrono::seconds{1})
      || !postgres::is_limit(options.command_timeout,
                             std::chrono::milliseconds{1}))
    return fail(errc::config_invalid,
                "PostgreSQL: a time-out is longer than none, at most 1h");
  auto it = std::make_unique<postgres::postgres_store>(
      postgres::connection_options{conninfo, options.schema,
                                   options.connect_timeout,
                                   options.command_timeout},
      options.has_server_time);
  if (auto good = it->open(); !good)
    return good.error();
  return result<std::unique_ptr<actors::durable_store>>{std::move(it)};
}

} // namespace troupe
