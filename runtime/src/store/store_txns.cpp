#include "store/store_txns.hpp"

#include <span>

namespace troupe::store {

using actors::commit_outcome;
using actors::commit_result;
using protocol::result;

namespace {

constexpr std::size_t word = 8;

/// Eight bytes each, the most telling first.
std::string bytes_of(std::span<const std::uint64_t> numbers) {
  std::string out;
  out.reserve(numbers.size() * word);
  for (const auto number : numbers)
    for (std::size_t i = word; i-- > 0;)
      out += static_cast<char>(number >> (8 * i) & 0xffU);
  return out;
}

std::vector<std::uint64_t> numbers_of(const std::string& bytes) {
  std::vector<std::uint64_t> out(bytes.size() / word);
  for (std::size_t i = 0; i < out.size() * word; ++i)
    out[i / word] = out[i / word] << 8U | static_cast<unsigned char>(bytes[i]);
  return out;
}

std::string bytes_of(protocol::id it) {
  return bytes_of(std::array{it.high, it.low});
}

} // namespace

result<std::optional<known_txn>> find_txn(store_file& file, protocol::id id) {
  const auto key = bytes_of(id);
  query at{file, sql::find_txn, key};
  const auto is_there = at.next();
  if (!is_there)
    return is_there.error();
  if (!*is_there)
    return std::nullopt;
  const auto print = numbers_of(at.bytes(0));
  const auto code = at.number(1);
  const auto failed = at.number(2);
  const auto numbers = at.bytes(4);
  if (print.size() != 2 || code < 0 || code > 0xff
      || numbers.size() % word != 0)
    return file.unreadable("a commit");
  known_txn it{{print[0], print[1]}, {}};
  if (code == 0) {
    it.outcome.outcome = commit_outcome::committed;
    it.outcome.numbers = numbers_of(numbers);
    return it;
  }
  const auto why = static_cast<protocol::errc>(code);
  if (to_string(why) == "unknown")
    return file.unreadable("a refusal");
  it.outcome = actors::refused(protocol::fail(why, at.bytes(3)));
  if (failed >= 0)
    it.outcome.failed_requirement = static_cast<std::size_t>(failed);
  return it;
}

result<void> keep_txn(store_file& file, protocol::id id, const known_txn& it,
                      protocol::instant now) {
  const auto& what = it.outcome;
  const bool is_refused = what.outcome == commit_outcome::refused;
  const auto key = bytes_of(id);
  const auto print = bytes_of(it.print);
  const auto numbers = bytes_of(what.numbers);
  const auto code = is_refused ? static_cast<std::int64_t>(what.why.code) : 0;
  const auto failed = what.failed_requirement
                          ? static_cast<std::int64_t>(*what.failed_requirement)
                          : -1;
  query to{file,   sql::add_txn,    key,    now, print, code,
           failed, what.why.detail, numbers};
  return to.finish();
}

} // namespace troupe::store
