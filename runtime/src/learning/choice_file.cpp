#include "learning/choice_file.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <filesystem>
#include <sqlite3.h>

namespace troupe {

using actors::made_choice;
using protocol::errc;
using protocol::fail;
using protocol::judge_answer;
using protocol::result;
using sqlite::run_of;
using sqlite::statement;

namespace {

constexpr sqlite::file_kind kept_file{"learning file",
                                      "learning file of troupe",
                                      0x74726c72, // "trlr"
                                      1};
constexpr int patience_ms = 2'000;
constexpr int text_bytes_max = 1 << 20;
constexpr std::uint32_t quality_max = 1'000;

constexpr const char* schema =
    "CREATE TABLE choices (number INTEGER PRIMARY KEY, "
    "call TEXT NOT NULL UNIQUE, "
    "at INTEGER NOT NULL, " // ns since the epoch
    "type TEXT NOT NULL, model TEXT NOT NULL, "
    "cost INTEGER NOT NULL, " // nano-dollars
    "offered TEXT NOT NULL, features BLOB NOT NULL, "
    "quality INTEGER) STRICT; " // permille
    "CREATE INDEX judged ON choices (number) WHERE quality IS NOT NULL";

constexpr const char* columns = "SELECT number, call, at, type, model, cost, "
                                "offered, features, coalesce(quality, -1) "
                                "FROM choices ";

} // namespace

choice_file::choice_file(std::string file, std::size_t rows_max)
    : db_(std::move(file), kept_file), rows_max_(rows_max) {}

result<std::unique_ptr<choice_file>>
choice_file::open(const std::string& file, bool makes, std::size_t rows_max) {
  std::error_code ignored;
  if (!makes && !std::filesystem::exists(file, ignored))
    return fail(errc::file_unreadable,
                std::string{kept_file.name} + " '" + file + "': no such file");
  std::unique_ptr<choice_file> self{new choice_file{file, rows_max}};
  if (auto good = self->prepare(); !good)
    return good.error();
  return self;
}

result<void> choice_file::prepare() {
  if (auto good = db_.open(patience_ms); !good)
    return good;
  sqlite3_limit(db_.get(), SQLITE_LIMIT_LENGTH, text_bytes_max);
  for (const auto* sql :
       {"PRAGMA trusted_schema=OFF", "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL", "PRAGMA journal_size_limit=4194304"})
    if (auto good = db_.run(sql); !good)
      return good;
  if (auto good = db_.prepare_schema(schema); !good)
    return good;
  const std::pair<statement*, const char*> statements[] = {
      {&insert_, "INSERT OR IGNORE INTO choices (call, at, type, model, cost, "
                 "offered, features) VALUES (?, ?, ?, ?, ?, ?, ?)"},
      {&judge_, "UPDATE choices SET quality = ? WHERE call = ? AND quality IS "
                "NULL"},
      {&find_, "SELECT model, coalesce(quality, -1) FROM choices WHERE call = "
               "?"},
      {&drop_, "DELETE FROM choices WHERE number <= "
               "(SELECT max(number) FROM choices) - ?"}};
  for (const auto& [to, sql] : statements)
    if (auto good = db_.prepare(*to, sql); !good)
      return good;
  return {};
}

result<void> choice_file::put(const choice_record& it) {
  if (const auto* quality = std::get_if<judge_answer>(&it.what))
    return put_quality(*quality);
  const auto& choice = std::get<made_choice>(it.what);
  run_of to{insert_};
  to.set_text(1, to_string(choice.call));
  to.set_number(2, it.at.time_since_epoch().count());
  to.set_text(3, std::string(protocol::enum_name(choice.type)));
  to.set_text(4, choice.model);
  to.set_number(5, choice.cost.nano_usd);
  to.set_text(6, boost::json::serialize(protocol::to_json(choice.offered)));
  to.set_bytes(7, choice.features);
  return to.step() == SQLITE_DONE ? result<void>{}
                                  : result<void>{db_.problem(errc::internal)};
}

result<void> choice_file::put_quality(const judge_answer& it) {
  run_of to{judge_};
  to.set_number(1, std::min(it.quality_permille, quality_max));
  to.set_text(2, to_string(it.call));
  return to.step() == SQLITE_DONE ? result<void>{}
                                  : result<void>{db_.problem(errc::internal)};
}

result<void> choice_file::drop_oldest() {
  run_of it{drop_};
  it.set_number(1, static_cast<std::int64_t>(rows_max_));
  return it.step() == SQLITE_DONE ? result<void>{}
                                  : result<void>{db_.problem(errc::internal)};
}

result<void> choice_file::write(std::span<const choice_record> records) {
  const auto undo = [this](const protocol::error& why) {
    (void)db_.run("ROLLBACK");
    return why;
  };
  if (auto begun = db_.run("BEGIN IMMEDIATE", errc::internal); !begun)
    return begun;
  for (const auto& it : records)
    if (auto good = put(it); !good)
      return undo(good.error());
  if (auto good = drop_oldest(); !good)
    return undo(good.error());
  if (auto good = db_.run("COMMIT", errc::internal); !good)
    return undo(good.error());
  return {};
}

result<std::string> choice_file::judge(const judge_answer& what) {
  std::string model;
  {
    run_of row{find_};
    row.set_text(1, to_string(what.call));
    const auto code = row.step();
    if (code == SQLITE_DONE)
      return fail(errc::invalid_request, "no call " + to_string(what.call)
                                             + " is in the " + db_.name());
    if (code != SQLITE_ROW)
      return db_.problem(errc::internal);
    if (row.number(1) >= 0)
      return fail(errc::invalid_request,
                  "the call " + to_string(what.call) + " was judged already");
    model = row.bytes(0);
  }
  const choice_record judgement{{}, what};
  if (auto good = write({&judgement, 1}); !good)
    return good.error();
  return model;
}

protocol::error choice_file::wrong_row(std::int64_t number,
                                       const std::string& what) const {
  return fail(errc::malformed_message,
              db_.name() + ", choice " + std::to_string(number) + ": " + what);
}

result<kept_choice> choice_file::choice_of(const run_of& row) const {
  const auto number = row.number(0);
  kept_choice out;
  out.at = protocol::instant{protocol::duration{row.number(2)}};
  auto& it = out.what;
  const auto call = protocol::parse_id(row.bytes(1));
  if (!call)
    return wrong_row(number, call.error().detail);
  it.call = *call;
  if (!protocol::enum_from_name(row.bytes(3), it.type))
    return wrong_row(number, "its type is unknown");
  it.model = row.bytes(4);
  it.cost.nano_usd = std::max<std::int64_t>(row.number(5), 0);
  const auto json = protocol::parse_json(row.bytes(6));
  if (!json)
    return wrong_row(number, json.error().detail);
  auto offered =
      protocol::from_json<std::vector<actors::offered_choice>>(*json);
  if (!offered)
    return wrong_row(number, offered.error().detail);
  it.offered = std::move(*offered);
  it.features = row.bytes(7);
  const auto quality = row.number(8);
  if (quality > quality_max)
    return wrong_row(number, "its quality is above 1000");
  if (quality >= 0)
    it.quality_permille = static_cast<std::uint32_t>(quality);
  return out;
}

result<std::vector<kept_choice>> choice_file::newest(std::size_t most,
                                                     bool only_judged) {
  statement all;
  const auto sql = std::string{columns}
                   + (only_judged ? "WHERE quality IS NOT NULL " : "")
                   + "ORDER BY number DESC LIMIT ?";
  if (auto good = db_.prepare(all, sql.c_str()); !good)
    return good.error();
  std::vector<kept_choice> found;
  run_of row{all};
  row.set_number(1, static_cast<std::int64_t>(most));
  for (;;) {
    const auto code = row.step();
    if (code == SQLITE_DONE)
      break;
    if (code != SQLITE_ROW)
      return db_.problem(errc::config_invalid);
    auto it = choice_of(row);
    if (!it)
      return it.error();
    found.push_back(std::move(*it));
  }
  std::reverse(found.begin(), found.end());
  return found;
}

} // namespace troupe
