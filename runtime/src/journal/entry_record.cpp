#include "journal/entry_record.hpp"

#include "journal/digest.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/serialize.hpp>

namespace troupe {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

/// A shorter text takes less room where it stands.
constexpr std::size_t apart_from_bytes = 256;
/// A record's own text, beyond which it is kept apart as a whole.
constexpr std::size_t record_bytes_max = 64U << 10U;
/// No member of any entry has this name.
constexpr std::string_view blob_key = "$blob";
constexpr protocol::json_limits entry_limits{256U << 20U, 64, 20'000'000};

/// The names of a text's pieces.
json::object put_apart(std::string_view text, blobs& apart) {
  json::array names;
  do {
    const auto piece = text.substr(0, blob_bytes_max);
    text.remove_prefix(piece.size());
    auto name = sha256(piece);
    names.emplace_back(name);
    apart.emplace(std::move(name), piece);
  } while (!text.empty());
  return {{blob_key, std::move(names)}};
}

void shorten(json::value& it, blobs& apart) {
  if (auto* all = it.if_array()) {
    for (auto& each : *all)
      shorten(each, apart);
  } else if (auto* members = it.if_object()) {
    for (auto& each : *members)
      shorten(each.value(), apart);
  } else if (const auto* text = it.if_string();
             text != nullptr && text->size() >= apart_from_bytes) {
    it = put_apart({text->data(), text->size()}, apart);
  }
}

protocol::error damaged(std::string what) {
  return fail(errc::journal_damaged, std::move(what));
}

/// The text that a reference stands for; nothing: it is none.
result<std::optional<std::string>> text_behind(const json::value& it,
                                               const blob_reader& texts) {
  const auto* members = it.if_object();
  const auto* names = members == nullptr || members->size() != 1
                          ? nullptr
                          : members->if_contains(blob_key);
  if (names == nullptr)
    return std::optional<std::string>{};
  if (!names->is_array())
    return damaged("a reference without names");
  std::string text;
  for (const auto& name : names->get_array()) {
    if (!name.is_string())
      return damaged("a reference without names");
    const std::string hash{name.get_string()};
    auto piece = texts(hash);
    if (!piece)
      return piece.error();
    if (sha256(*piece) != hash)
      return damaged("the text " + hash + " was changed");
    text += *piece;
  }
  return std::optional{std::move(text)};
}

result<void> lengthen(json::value& it, const blob_reader& texts) {
  auto text = text_behind(it, texts);
  if (!text)
    return text.error();
  if (*text) {
    it = json::string{**text};
    return {};
  }
  if (auto* all = it.if_array()) {
    for (auto& each : *all)
      if (auto done = lengthen(each, texts); !done)
        return done;
  } else if (auto* members = it.if_object()) {
    for (auto& each : *members)
      if (auto done = lengthen(each.value(), texts); !done)
        return done;
  }
  return {};
}

} // namespace

std::string hash_of(const std::string& before, protocol::id run,
                    std::string_view text) {
  std::string all = before + ' ' + to_string(run) + ' ';
  all += text;
  return sha256(all);
}

std::string write_text(json::value body, blobs& apart) {
  shorten(body, apart);
  auto text = json::serialize(body);
  if (text.size() > record_bytes_max)
    text = json::serialize(put_apart(text, apart));
  return text;
}

result<json::value> read_text(std::string_view text, const blob_reader& texts) {
  auto body = protocol::parse_json(text, entry_limits);
  if (!body)
    return damaged(body.error().detail);
  auto whole = text_behind(*body, texts);
  if (!whole)
    return whole.error();
  if (*whole)
    body = protocol::parse_json(**whole, entry_limits);
  if (!body)
    return damaged(body.error().detail);
  if (auto done = lengthen(*body, texts); !done)
    return done.error();
  return std::move(*body);
}

std::string make_record(const std::string& before, protocol::id run,
                        const protocol::journal_entry& entry, blobs& apart) {
  const auto text = write_text(protocol::to_json(entry), apart);
  return hash_of(before, run, text) + ' ' + text;
}

result<read_record> parse_record(const std::string& before, protocol::id run,
                                 std::string_view record,
                                 const blob_reader& texts) {
  const auto end = no_hash.size();
  if (record.size() < end + 2 || record[end] != ' ')
    return damaged("it is no record");
  const auto text = record.substr(end + 1);
  auto hash = hash_of(before, run, text);
  if (record.substr(0, end) != hash)
    return damaged("it is not what followed the one before it");
  const auto body = read_text(text, texts);
  if (!body)
    return body.error();
  auto entry = protocol::from_json<protocol::journal_entry>(*body);
  if (!entry)
    return damaged(entry.error().detail);
  return read_record{std::move(hash), std::move(*entry)};
}

} // namespace troupe
