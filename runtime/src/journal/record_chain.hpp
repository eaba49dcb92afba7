#pragma once

#include "journal/journal_forms.hpp"

#include <troupe/actors/durable_store.hpp>
#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

#include <functional>

/// Streams of records, each with the hash of all before it, beside a key of
/// the same name that tells their end. Blocking, as the store is.
namespace troupe {

template <class T>
[[nodiscard]] protocol::result<T> from_text(std::string_view text,
                                            const std::string& what) {
  const auto json = protocol::parse_json(text);
  auto read =
      json ? protocol::from_json<T>(*json) : protocol::result<T>{json.error()};
  if (!read)
    return fail(protocol::errc::journal_damaged,
                what + ": " + read.error().detail);
  return read;
}

template <class T>
[[nodiscard]] std::string text_of(const T& it) {
  return boost::json::serialize(protocol::to_json(it));
}

/// The end of a chain that its key tells; where there is none, its beginning.
[[nodiscard]] protocol::result<chain_head>
chain_at(actors::durable_store& store, const std::string& name);

/// Adds records to the stream of that name, and tells its end under that key.
/// `salt` goes into each hash.
void extend_chain(const std::string& name, protocol::id salt,
                  const std::vector<std::string>& texts, chain_head& chain,
                  actors::store_txn& to);

/// Hands the text of each record, and the hash at it, to `take`, whose error
/// ends it. Errors: `journal_damaged` where a record is not what followed the
/// one before it, or the chain has another end than its key tells;
/// `journal_failed`.
[[nodiscard]] protocol::result<chain_head> follow_chain(
    actors::durable_store& store, const std::string& name, protocol::id salt,
    const std::function<protocol::result<void>(std::string_view text,
                                               const std::string& hash)>& take);

} // namespace troupe
