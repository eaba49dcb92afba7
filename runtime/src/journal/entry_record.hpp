#pragma once

#include <troupe/protocol/journal.hpp>

#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <string>

/// How an entry stands in a journal: a record that holds the hash of the one
/// before it, and long texts apart from it, each once however often it occurs.
namespace troupe {

/// Texts by their SHA-256; none is longer than `blob_bytes_max`.
using blobs = std::map<std::string, std::string>;

inline constexpr std::size_t blob_bytes_max = 1U << 20U;

/// Of 64 digits, and what the first record of a run follows.
inline const std::string no_hash(64, '0');

/// The hash of a record that follows `before`: SHA-256 over that hash, the
/// run and the text. It proves nothing against who can write the whole file.
[[nodiscard]] std::string hash_of(const std::string& before, protocol::id run,
                                  std::string_view text);

/// JSON text without what is long, which goes to `apart`.
[[nodiscard]] std::string write_text(boost::json::value body, blobs& apart);

/// A record: its hash, a space, its JSON text. What is long goes to `apart`.
[[nodiscard]] std::string make_record(const std::string& before,
                                      protocol::id run,
                                      const protocol::journal_entry& entry,
                                      blobs& apart);

/// Where the text under a hash comes from.
using blob_reader =
    std::function<protocol::result<std::string>(const std::string& hash)>;

/// The whole of what `write_text` has written. Errors: as `parse_record`.
[[nodiscard]] protocol::result<boost::json::value>
read_text(std::string_view text, const blob_reader& texts);

struct read_record {
  std::string hash;
  protocol::journal_entry entry;
};

/// Error: `journal_damaged` for one that does not follow `before`, whose texts
/// are not those that it names, or that cannot be read; those of `texts`.
[[nodiscard]] protocol::result<read_record>
parse_record(const std::string& before, protocol::id run,
             std::string_view record, const blob_reader& texts);

} // namespace troupe
