#include "cache/sqlite_answers.hpp"

#include "sqlite/database.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <mutex>
#include <sqlite3.h>

namespace troupe {

using actors::answer_key;
using actors::kept_answer;
using protocol::errc;
using protocol::fail;
using protocol::instant;
using protocol::result;
using sqlite::run_of;
using sqlite::statement;

namespace {

constexpr sqlite::file_kind kept_file{"cache", "answer cache of troupe",
                                      0x74726163, // "trac"
                                      1};
constexpr int patience_ms = 100; ///< For another process that is writing.
constexpr int text_bytes_max = 32 << 20;
constexpr std::uint32_t puts_between_counts = 256; ///< Others write too.

constexpr const char* schema =
    "CREATE TABLE IF NOT EXISTS answers (print TEXT PRIMARY KEY, key BLOB NOT "
    "NULL, "
    "until INTEGER NOT NULL, " // ns since the epoch
    "size INTEGER NOT NULL, body TEXT NOT NULL) STRICT; "
    "CREATE INDEX IF NOT EXISTS by_end ON answers (until)";

class sqlite_answers final : public actors::answer_store {
public:
  sqlite_answers(std::string file, const answer_file_limits& limits)
      : db_(std::move(file), kept_file), limits_(limits) {}

  result<void> open();
  result<std::optional<kept_answer>> find(const answer_key& key,
                                          instant now) override;
  result<void> put(const answer_key& key, const kept_answer& what,
                   instant now) override;

private:
  result<void> count();
  result<void> make_room(instant now);

  std::mutex mutex_; ///< Two caches overlap when one follows the other.
  sqlite::database db_;
  answer_file_limits limits_;
  statement find_;
  statement put_;
  statement drop_;  ///< Those whose time has passed.
  statement evict_; ///< Those that end first.
  std::size_t entries_ = 0;
  std::size_t bytes_ = 0;
  std::uint32_t puts_ = 0; ///< Since the last count.
};

result<void> sqlite_answers::open() {
  if (auto good = db_.open(patience_ms); !good)
    return good;
  sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, text_bytes_max);
  const auto pages = limits_.bytes / 2'048 + 64;
  for (const auto& sql : {std::string{"PRAGMA trusted_schema=OFF"},
                          std::string{"PRAGMA journal_mode=WAL"},
                          std::string{"PRAGMA synchronous=NORMAL"},
                          std::string{"PRAGMA journal_size_limit=4194304"},
                          "PRAGMA max_page_count=" + std::to_string(pages)})
    if (auto good = db_.run(sql); !good)
      return good;
  if (auto good = db_.prepare_schema(schema); !good)
    return good;
  const std::pair<statement*, const char*> statements[] = {
      {&find_, "SELECT key, until, body FROM answers WHERE print = ?"},
      {&put_, "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)"},
      {&drop_, "DELETE FROM answers WHERE until <= ?"},
      {&evict_, "DELETE FROM answers WHERE print IN "
                "(SELECT print FROM answers ORDER BY until LIMIT ?)"}};
  for (const auto& [to, sql] : statements)
    if (auto good = db_.prepare(*to, sql); !good)
      return good;
  return count();
}

result<void> sqlite_answers::count() {
  const auto entries = db_.number_of("SELECT count(*) FROM answers");
  const auto bytes =
      db_.number_of("SELECT coalesce(sum(size), 0) FROM answers");
  if (!entries || !bytes)
    return db_.problem(errc::config_invalid);
  entries_ = static_cast<std::size_t>(std::max<std::int64_t>(*entries, 0));
  bytes_ = static_cast<std::size_t>(std::max<std::int64_t>(*bytes, 0));
  puts_ = 0;
  return {};
}

result<std::optional<kept_answer>> sqlite_answers::find(const answer_key& key,
                                                        instant now) {
  const std::lock_guard lock{mutex_};
  run_of row{find_};
  row.set_text(1, to_string(key.print));
  const auto code = row.step();
  if (code == SQLITE_DONE)
    return std::nullopt;
  if (code != SQLITE_ROW)
    return db_.problem(errc::internal);
  const instant until{protocol::duration{row.number(1)}};
  if (row.bytes(0) != key.bytes || until <= now)
    return std::nullopt;
  const auto json = protocol::parse_json(row.bytes(2));
  auto reply = json ? protocol::from_json<protocol::model_reply>(*json)
                    : result<protocol::model_reply>{json.error()};
  // Who has changed the file by hand makes nobody richer.
  if (!reply || reply->cost < protocol::money{} || reply->attempts == 0)
    return std::nullopt;
  return kept_answer{std::move(*reply), until};
}

result<void> sqlite_answers::put(const answer_key& key, const kept_answer& what,
                                 instant now) {
  const auto body = boost::json::serialize(protocol::to_json(what.reply));
  const auto size = key.bytes.size() + body.size();
  if (size > limits_.bytes)
    return {};
  const std::lock_guard lock{mutex_};
  const auto code = [&] {
    run_of row{put_};
    row.set_text(1, to_string(key.print));
    row.set_bytes(2, key.bytes);
    row.set_number(3, what.until.time_since_epoch().count());
    row.set_number(4, static_cast<std::int64_t>(size));
    row.set_text(5, body);
    return row.step();
  }();
  if (code == SQLITE_DONE) {
    entries_ += 1;
    bytes_ += size;
    if (++puts_ < puts_between_counts && entries_ <= limits_.entries
        && bytes_ <= limits_.bytes)
      return {};
    return make_room(now);
  }
  const auto why = db_.problem(errc::internal);
  if (code == SQLITE_FULL)
    (void)make_room(now); // for the next
  return why;
}

result<void> sqlite_answers::make_room(instant now) {
  const auto delete_with = [this](const statement& which, std::int64_t value) {
    run_of it{which};
    it.set_number(1, value);
    return it.step() == SQLITE_DONE ? result<void>{}
                                    : result<void>{db_.problem(errc::internal)};
  };
  if (auto good = delete_with(drop_, now.time_since_epoch().count()); !good)
    return good;
  for (auto counted = count();; counted = count()) {
    if (!counted)
      return counted;
    if (entries_ <= limits_.entries && bytes_ <= limits_.bytes)
      return {};
    const auto excess = entries_ - std::min(entries_, limits_.entries);
    const auto some = std::max(entries_ / 16 + 1, excess);
    if (auto good = delete_with(evict_, static_cast<std::int64_t>(some)); !good)
      return good;
  }
}

} // namespace

result<std::shared_ptr<actors::answer_store>>
open_sqlite_answers(const std::string& file, const answer_file_limits& limits) {
  auto answers = std::make_shared<sqlite_answers>(file, limits);
  if (auto good = answers->open(); !good)
    return good.error();
  return result<std::shared_ptr<actors::answer_store>>{std::move(answers)};
}

} // namespace troupe
