#include "statements.hpp"

#include <array>
#include <string_view>

namespace troupe::postgres {

namespace {

struct text_of_sql {
  sql which;
  const char* text;
};

// `@.` is the schema. `@now` and `@later` stand for what follows them.
//
// Each statement that searches for what is due asks for the time at its own
// start, which an index can be compared with; those that change one row ask
// for the time at which they have it.
constexpr std::string_view due_now =
    "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint * 1000";
constexpr std::string_view row_now =
    "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint * 1000";

constexpr auto texts = std::to_array<text_of_sql>({
    {sql::begin, "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"},
    {sql::commit, "COMMIT"},
    {sql::rollback, "ROLLBACK"},
    // The time is asked for when the lock is had.
    {sql::lock, "SELECT revision, task, token, stream, @row FROM (SELECT * "
                "FROM @.counters FOR UPDATE) AS had"},
    {sql::lock_for_due,
     "SELECT token, @row FROM (SELECT * FROM @.counters WHERE EXISTS (SELECT 1 "
     "FROM @.tasks WHERE queue = $1 AND due <= coalesce($2::bigint, @due)) FOR "
     "UPDATE) AS had"},
    {sql::find_pairs, "SELECT key, revision FROM @.pairs WHERE key = "
                      "ANY($1::bytea[])"},
    {sql::find_streams, "SELECT name, number, last FROM @.streams WHERE "
                        "name = ANY($1::bytea[])"},
    {sql::find_accounts, "SELECT name, amount FROM @.accounts WHERE name = "
                         "ANY($1::bytea[])"},
    {sql::find_leases, "SELECT name, token, until FROM @.leases WHERE name = "
                       "ANY($1::bytea[])"},
    {sql::find_tasks, "SELECT task, token, queue, key FROM @.tasks WHERE "
                      "task = ANY($1::bigint[])"},
    {sql::find_keyed,
     "SELECT t.queue, t.key, t.task FROM unnest($1::bytea[], $2::bytea[]) "
     "AS w (queue, key) JOIN @.tasks t ON t.queue = w.queue AND t.key = w.key "
     "WHERE t.key <> ''::bytea"},
    {sql::find_txns, "SELECT id, print, code, failed, detail, numbers FROM "
                     "@.txns WHERE id = ANY($1::bytea[])"},
    {sql::put_pairs,
     "INSERT INTO @.pairs (key, revision, value) SELECT * FROM "
     "unnest($1::bytea[], $2::bigint[], $3::bytea[]) ON CONFLICT (key) DO "
     "UPDATE SET revision = excluded.revision, value = excluded.value"},
    {sql::delete_pairs, "DELETE FROM @.pairs WHERE key = ANY($1::bytea[])"},
    {sql::put_streams,
     "INSERT INTO @.streams (name, number, last) SELECT * FROM "
     "unnest($1::bytea[], $2::bigint[], $3::bigint[]) ON CONFLICT (name) DO "
     "UPDATE SET last = excluded.last"},
    {sql::add_records,
     "INSERT INTO @.records (stream, sequence, record) SELECT * FROM "
     "unnest($1::bigint[], $2::bigint[], $3::bytea[])"},
    {sql::drop_records,
     "DELETE FROM @.records WHERE stream = $1::bigint AND sequence <= "
     "$2::bigint"},
    {sql::put_accounts,
     "INSERT INTO @.accounts (name, amount) SELECT * FROM "
     "unnest($1::bytea[], $2::bigint[]) ON CONFLICT (name) DO UPDATE SET "
     "amount = excluded.amount"},
    {sql::delete_tasks, "DELETE FROM @.tasks WHERE task = ANY($1::bigint[])"},
    {sql::nack_tasks,
     "UPDATE @.tasks t SET token = 0, due = w.due FROM "
     "unnest($1::bigint[], $2::bigint[]) AS w (task, due) WHERE t.task = "
     "w.task"},
    {sql::add_tasks,
     "INSERT INTO @.tasks (task, queue, key, due, token, attempt, body) "
     "SELECT task, queue, key, due, 0, 0, body FROM unnest($1::bigint[], "
     "$2::bytea[], $3::bytea[], $4::bigint[], $5::bytea[]) AS w (task, queue, "
     "key, due, body)"},
    {sql::add_changes,
     "INSERT INTO @.changes (cursor, kind, name, number) SELECT * FROM "
     "unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[])"},
    {sql::add_txns,
     "INSERT INTO @.txns (id, at, print, code, failed, detail, numbers) SELECT "
     "id, $2::bigint, print, code, failed, detail, numbers FROM "
     "unnest($1::bytea[], $3::bytea[], $4::bigint[], $5::bigint[], "
     "$6::bytea[], $7::bytea[]) AS w (id, print, code, failed, detail, "
     "numbers)"},
    {sql::move_counters,
     "UPDATE @.counters SET revision = greatest(revision, $1::bigint), task = "
     "greatest(task, $2::bigint), token = greatest(token, $3::bigint), "
     "stream = greatest(stream, $4::bigint)"},
    {sql::get_values, "SELECT key, revision, value FROM @.pairs WHERE key = "
                      "ANY($1::bytea[])"},
    {sql::list_values,
     "SELECT key, revision, value FROM @.pairs WHERE key >= $1::bytea AND "
     "key < $2::bytea ORDER BY key LIMIT $3::bigint"},
    {sql::read_records,
     "SELECT sequence, record FROM @.records WHERE stream = (SELECT number "
     "FROM @.streams WHERE name = $1::bytea) AND sequence > $2::bigint ORDER "
     "BY sequence LIMIT $3::bigint"},
    {sql::due_tasks,
     "SELECT task, attempt, body FROM @.tasks WHERE queue = $1::bytea AND "
     "due <= coalesce($2::bigint, @due) ORDER BY due, task LIMIT $3::bigint"},
    {sql::claim_tasks,
     "UPDATE @.tasks t SET due = $4::bigint, token = w.token, attempt = "
     "w.attempt FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS w "
     "(task, token, attempt) WHERE t.task = w.task"},
    {sql::extend_task,
     "UPDATE @.tasks SET due = @later WHERE task = $1::bigint AND token = "
     "$2::bigint AND token <> 0 AND due > coalesce($4::bigint, @row)"},
    {sql::extend_lease,
     "UPDATE @.leases SET until = @later WHERE name = $1::bytea AND token = "
     "$2::bigint AND until > coalesce($4::bigint, @row)"},
    {sql::put_lease,
     "INSERT INTO @.leases (name, token, until) VALUES ($1::bytea, "
     "$2::bigint, $3::bigint) ON CONFLICT (name) DO UPDATE SET token = "
     "excluded.token, until = excluded.until"},
    {sql::drop_lease,
     "DELETE FROM @.leases WHERE name = $1::bytea AND token = $2::bigint"},
    {sql::read_changes,
     "SELECT cursor, kind, name, number FROM @.changes WHERE cursor > "
     "$1::bigint AND substring(name FROM 1 FOR octet_length($2::bytea)) = "
     "$2::bytea ORDER BY cursor LIMIT $3::bigint"},
    {sql::find_forgotten, "SELECT forgotten FROM @.counters"},
    {sql::set_forgotten,
     "UPDATE @.counters SET forgotten = greatest(forgotten, "
     "least($1::bigint, revision))"},
    {sql::drop_changes,
     "DELETE FROM @.changes WHERE cursor IN (SELECT cursor FROM @.changes "
     "WHERE cursor <= $1::bigint ORDER BY cursor LIMIT 10000)"},
    {sql::drop_txns,
     "DELETE FROM @.txns WHERE id IN (SELECT id FROM @.txns WHERE at < "
     "$1::bigint LIMIT 10000)"},
});
static_assert(texts.size() == static_cast<std::size_t>(sql::count));

// Names are bytes, in the order of bytes. Times are nanoseconds since the
// epoch. Tasks come and go: the room of those that went is to be found soon.
constexpr auto tables = std::to_array<const char*>({
    "CREATE SCHEMA IF NOT EXISTS @name",
    "CREATE TABLE @.pairs (key bytea PRIMARY KEY, revision bigint NOT NULL, "
    "value bytea NOT NULL)",
    "CREATE TABLE @.streams (name bytea PRIMARY KEY, number bigint NOT NULL "
    "UNIQUE, last bigint NOT NULL)",
    "CREATE TABLE @.records (stream bigint, sequence bigint, record bytea NOT "
    "NULL, PRIMARY KEY (stream, sequence))",
    "CREATE TABLE @.accounts (name bytea PRIMARY KEY, amount bigint NOT NULL "
    "CHECK (amount >= 0))",
    "CREATE TABLE @.leases (name bytea PRIMARY KEY, token bigint NOT NULL, "
    "until bigint NOT NULL)",
    "CREATE TABLE @.tasks (task bigint PRIMARY KEY, queue bytea NOT NULL, key "
    "bytea NOT NULL, due bigint NOT NULL, token bigint NOT NULL, attempt "
    "bigint NOT NULL, body bytea NOT NULL) WITH "
    "(autovacuum_vacuum_scale_factor = 0.02)",
    "CREATE INDEX tasks_due ON @.tasks (queue, due, task)",
    "CREATE UNIQUE INDEX tasks_keyed ON @.tasks (queue, key) WHERE key <> "
    "''::bytea",
    "CREATE TABLE @.changes (cursor bigint PRIMARY KEY, kind bigint NOT NULL, "
    "name bytea NOT NULL, number bigint NOT NULL)",
    "CREATE TABLE @.txns (id bytea PRIMARY KEY, at bigint NOT NULL, print "
    "bytea NOT NULL, code bigint NOT NULL, failed bigint NOT NULL, detail "
    "bytea NOT NULL, numbers bytea NOT NULL)",
    "CREATE INDEX txns_by_time ON @.txns (at)",
    // Made last: who finds it finds all. One row, which every commit locks.
    "CREATE TABLE @.counters (one bigint PRIMARY KEY CHECK (one = 1), "
    "version bigint NOT NULL, revision bigint NOT NULL, task bigint NOT NULL, "
    "token bigint NOT NULL, stream bigint NOT NULL, forgotten bigint NOT "
    "NULL) WITH (fillfactor = 10)",
    "INSERT INTO @.counters VALUES (1, 1, 0, 0, 0, 0, 0)",
});

std::string replaced(std::string text, std::string_view what,
                     std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string in_schema(std::string text, const std::string& schema) {
  const auto later = "greatest(-9223372036854775808, "
                     "least(9223372036854775807, coalesce($4::bigint, "
                     + std::string{row_now}
                     + ")::numeric + $3::bigint))::bigint";
  text = replaced(std::move(text), "@name", '"' + schema + '"');
  text = replaced(std::move(text), "@.", '"' + schema + "\".");
  text = replaced(std::move(text), "@later", later);
  text = replaced(std::move(text), "@due", due_now);
  return replaced(std::move(text), "@row", row_now);
}

} // namespace

std::string text_of(sql which, const std::string& schema) {
  for (const auto& it : texts)
    if (it.which == which)
      return in_schema(it.text, schema);
  return {};
}

std::vector<std::string> schema_texts(const std::string& schema) {
  std::vector<std::string> out;
  for (const auto* it : tables)
    out.push_back(in_schema(it, schema));
  return out;
}

std::string version_text(const std::string& schema) {
  return in_schema("SELECT version FROM @.counters", schema);
}

} // namespace troupe::postgres
