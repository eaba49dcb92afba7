// The part of connection that makes it.
#include "connection.hpp"
#include "schema.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace troupe::postgres {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

struct free_options {
  void operator()(PQconninfoOption* it) const { PQconninfoFree(it); }
};

bool is_positive(std::string_view text) {
  int number = 0;
  const auto end = text.data() + text.size();
  const auto [at, wrong] = std::from_chars(text.data(), end, number);
  return wrong == std::errc{} && at == end && number > 0;
}

/// On one line, which a log is.
std::string one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
  while (!text.empty() && text.back() == ' ')
    text.pop_back();
  return text;
}

} // namespace

std::string connection::problem() const {
  auto text = one_line(it_ ? PQerrorMessage(it_.get()) : "");
  for (const auto& secret : secrets_)
    for (auto at = text.find(secret); at != std::string::npos;
         at = text.find(secret))
      text.replace(at, secret.size(), "");
  return text.empty() ? "the connection was lost" : text;
}

result<void> connection::connect() {
  // Not libpq's message for a text that it cannot read: it quotes it.
  const std::unique_ptr<PQconninfoOption, free_options> read{
      PQconninfoParse(options_.conninfo.c_str(), nullptr)};
  if (!read)
    return fail(errc::config_invalid,
                "PostgreSQL: the connection string cannot be read");
  bool has_limit = false;
  secrets_.clear();
  for (const auto* it = read.get(); it->keyword != nullptr; ++it) {
    const std::string_view value{it->val == nullptr ? "" : it->val};
    if (std::string_view{it->dispchar} == "*" && !value.empty())
      secrets_.emplace_back(value);
    if (std::string_view{it->keyword} == "connect_timeout")
      has_limit = is_positive(value);
  }
  const auto limit = std::to_string(options_.connect_timeout.count());
  const auto patience = std::to_string(options_.command_timeout.count());
  // What stands behind `dbname` goes before what the text says.
  std::vector<const char*> names{"fallback_application_name",
                                 "target_session_attrs", "tcp_user_timeout",
                                 "dbname"};
  std::vector<const char*> given{"troupe", "read-write", patience.c_str(),
                                 options_.conninfo.c_str()};
  if (!has_limit) {
    names.push_back("connect_timeout");
    given.push_back(limit.c_str());
  }
  names.push_back(nullptr);
  given.push_back(nullptr);
  it_.reset(PQconnectdbParams(names.data(), given.data(), 1));
  if (!it_ || PQstatus(it_.get()) != CONNECTION_OK
      || PQsetnonblocking(it_.get(), 1) != 0
      || PQenterPipelineMode(it_.get()) == 0) {
    auto why = fail(errc::unreachable, "PostgreSQL: " + problem());
    close();
    return why;
  }
  PQsetNoticeReceiver(it_.get(), &take_notice, this);
  return {};
}

/// A session that holds up nobody for long, and whose commits are safe.
result<void> connection::set_up() {
  const auto patience = options_.command_timeout.count();
  const auto pause = std::max<std::int64_t>(patience / 5, 1);
  const std::vector<text_query> all{
      {"SELECT set_config('statement_timeout', '" + std::to_string(patience)
       + "', false), set_config('idle_in_transaction_session_timeout', '"
       + std::to_string(pause)
       + "', false), set_config('enable_seqscan', 'off', false), "
         "set_config('jit', 'off', false), "
         "set_config('default_transaction_isolation', 'read committed', "
         "false), "
         "set_config('synchronous_commit', CASE "
         "current_setting('synchronous_commit') WHEN 'remote_apply' THEN "
         "'remote_apply' ELSE 'on' END, false)"},
      {"SELECT current_setting('fsync'), "
       "current_setting('synchronous_standby_names')"}};
  const auto done = send_texts(all);
  if (done.failure)
    return done.failure->why;
  has_fsync_ = done.all[1].bytes(0, 0) == "on";
  has_standbys_ = !done.all[1].bytes(0, 1).empty();
  return schema_maker{*this}.make();
}

result<void> connection::prepare() {
  for (int i = 0; i < static_cast<int>(sql::count); ++i) {
    const auto text = text_of(static_cast<sql>(i), options_.schema);
    if (PQsendPrepare(it_.get(), std::to_string(i).c_str(), text.c_str(), 0,
                      nullptr)
        == 0)
      return lost(problem()).why;
  }
  const auto done = receive(static_cast<std::size_t>(sql::count));
  if (done.failure)
    return fail(done.failure->at ? errc::config_invalid : errc::unreachable,
                done.failure->why.detail);
  return {};
}

} // namespace troupe::postgres
