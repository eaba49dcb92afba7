#include "schema.hpp"

namespace troupe::postgres {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

constexpr int attempts_max = 5;

bool is_missing(std::string_view state) {
  return state == "42P01" || state == "3F000";
}

/// What somebody else has made in between.
bool is_made_already(std::string_view state) {
  return state == "23505" || state == "42P06" || state == "42P07"
         || state == "42710";
}

} // namespace

result<std::int64_t> schema_maker::version() {
  const std::vector<connection::text_query> ask{
      {version_text(to_.options_.schema)}};
  const auto told = to_.send_texts(ask);
  if (!told.failure)
    return told.all.front().number(0, 0);
  if (is_missing(told.failure->state))
    return std::int64_t{0};
  return told.failure->why;
}

result<void> schema_maker::make_tables() {
  std::vector<connection::text_query> all{{"BEGIN"}};
  for (auto& it : schema_texts(to_.options_.schema))
    all.push_back({std::move(it)});
  all.push_back({"COMMIT"});
  const auto done = to_.send_texts(all);
  if (!done.failure)
    return {};
  state_ = done.failure->state;
  if (done.failure->at) {
    const std::vector<connection::text_query> undo{{"ROLLBACK"}};
    if (const auto undone = to_.send_texts(undo); undone.failure)
      return undone.failure->why;
    return fail(errc::config_invalid, done.failure->why.detail);
  }
  return done.failure->why;
}

result<void> schema_maker::make() {
  result<void> made;
  for (int i = 0; i < attempts_max; ++i) {
    const auto found = version();
    if (!found)
      return fail(found.error().code == errc::internal ? errc::config_invalid
                                                       : found.error().code,
                  found.error().detail);
    if (*found == schema_version)
      return {};
    if (*found != 0)
      return fail(errc::config_invalid,
                  "PostgreSQL: schema '" + to_.options_.schema
                      + "' has version " + std::to_string(*found)
                      + ", and this is troupe for version "
                      + std::to_string(schema_version));
    made = make_tables();
    if (!made && !is_made_already(state_))
      return made;
  }
  return made;
}

} // namespace troupe::postgres
