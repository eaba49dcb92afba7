#pragma once

#include <troupe/actors/ledger_log.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/value.hpp>

#include <string>
#include <string_view>

/// An entry of the ledger as all logs keep it: the name of its kind, and its
/// body in JSON.
namespace troupe::ledger {

struct entry_form {
  std::string kind;
  protocol::id reservation; ///< None: it is of an account.
  boost::json::value body;
};

[[nodiscard]] inline entry_form form_of(const actors::ledger_entry& it) {
  const auto form = [](const char* kind, protocol::id reservation,
                       const auto& body) {
    return entry_form{kind, reservation, protocol::to_json(body)};
  };
  if (const auto* opened = std::get_if<protocol::open_account>(&it.what))
    return form("open", {}, *opened);
  if (const auto* held = std::get_if<actors::held_budget>(&it.what))
    return form("reserve", held->reservation, held->what);
  if (const auto* end = std::get_if<protocol::settle_budget>(&it.what))
    return form("settle", end->reservation, *end);
  if (const auto* shut = std::get_if<protocol::close_account>(&it.what))
    return form("close", {}, *shut);
  if (const auto* as = std::get_if<actors::kept_account>(&it.what))
    return form("account", {}, *as);
  const auto& done = std::get<actors::kept_reservation>(it.what);
  return form("ended", done.reservation, done);
}

/// Errors: `malformed_message`, with what is wrong.
[[nodiscard]] inline protocol::result<actors::ledger_entry>
entry_of(protocol::instant at, std::string_view kind,
         std::string_view reservation, const boost::json::value& body) {
  actors::ledger_entry it{at, {}};
  const auto take = [&it](auto read) -> protocol::result<actors::ledger_entry> {
    if (!read)
      return read.error();
    it.what = std::move(*read);
    return it;
  };
  if (kind == "open")
    return take(protocol::from_json<protocol::open_account>(body));
  if (kind == "account")
    return take(protocol::from_json<actors::kept_account>(body));
  if (kind == "ended")
    return take(protocol::from_json<actors::kept_reservation>(body));
  if (kind == "close")
    return take(protocol::from_json<protocol::close_account>(body));
  if (kind == "settle")
    return take(protocol::from_json<protocol::settle_budget>(body));
  if (kind != "reserve")
    return protocol::fail(protocol::errc::malformed_message,
                          "unknown kind '" + std::string(kind) + "'");
  auto what = protocol::from_json<protocol::reserve_budget>(body);
  if (!what)
    return what.error();
  const auto id = protocol::parse_id(reservation);
  if (!id)
    return protocol::fail(protocol::errc::malformed_message, "no reservation");
  it.what = actors::held_budget{*id, std::move(*what)};
  return it;
}

} // namespace troupe::ledger
