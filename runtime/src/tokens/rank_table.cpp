#include "tokens/rank_table.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

namespace troupe::tokens {

using protocol::errc;
using protocol::fail;

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<std::uint8_t, 256> make_digits() {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(0xFF);
  for (std::size_t i = 0; i < alphabet.size(); ++i)
    digits[static_cast<unsigned char>(alphabet[i])] =
        static_cast<std::uint8_t>(i);
  return digits;
}

constexpr auto digits = make_digits();

/// Decodes padded base64. `nothing` where it is not canonical.
std::optional<std::string> decode_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0)
    return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (char c : text) {
    const auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == 0xFF)
      return std::nullopt;
    bits = (bits << 6U) | digit;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out.push_back(static_cast<char>((bits >> held) & 0xFFU));
    }
  }
  if ((bits & ((1U << held) - 1)) != 0)
    return std::nullopt;
  return out;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) noexcept {
  a = (a ^ b) * 0x9E3779B97F4A7C15ULL;
  return a ^ (a >> 32U);
}

/// Spreads well enough for a table that its own file fills; a hostile text
/// cannot make it slow, since only lookups depend on the text.
std::uint64_t hash_of(std::string_view token) noexcept {
  std::uint64_t state = token.size();
  const char* at = token.data();
  std::size_t left = token.size();
  std::uint64_t word = 0;
  for (; left > 8; at += 8, left -= 8) {
    std::memcpy(&word, at, 8);
    state = mix(state, word);
  }
  word = 0;
  std::memcpy(&word, at, left);
  return mix(mix(state, word), 0xD6E8FEB86659FD93ULL);
}

struct rank_line {
  std::string token;
  rank value = no_rank;
  std::string_view problem; ///< Empty: none.
};

rank_line parse_line(std::string_view line) {
  const auto wrong = [](std::string_view problem) {
    return rank_line{{}, no_rank, problem};
  };
  const auto space = line.find(' ');
  if (space == std::string_view::npos)
    return wrong("expected '<base64> <rank>'");
  auto token = decode_base64(line.substr(0, space));
  if (!token || token->empty())
    return wrong("the token is not base64");
  if (token->size() > rank_limits::token_bytes_max)
    return wrong("the token is too long");
  const auto number = line.substr(space + 1);
  rank value = 0;
  const auto* end = number.data() + number.size();
  const auto [stop, code] = std::from_chars(number.data(), end, value);
  if (code != std::errc{} || stop != end || value > rank_limits::rank_max)
    return wrong("the rank is not a number from 0 to 16777215");
  return {std::move(*token), value, {}};
}

protocol::error at_line(std::size_t line, std::string_view problem) {
  return fail(errc::malformed_message,
              "line " + std::to_string(line) + ": " + std::string{problem});
}

} // namespace

rank_table::rank_table(std::size_t lines)
    : slots_(std::bit_ceil(std::max<std::size_t>(lines, 256) * 2)),
      pairs_(65'536, no_rank) {
  bytes_.fill(no_rank);
}

protocol::result<rank_table> rank_table::parse(std::string_view text) {
  if (text.size() > rank_limits::bytes_max)
    return fail(errc::malformed_message, "line 1: more than 16 MiB");
  const auto lines =
      static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n') + 1);
  rank_table table{lines};
  std::vector<bool> seen(rank_limits::rank_max + 1U);
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    const auto parsed = parse_line(line);
    if (!parsed.problem.empty())
      return at_line(number, parsed.problem);
    if (seen[parsed.value])
      return at_line(number, "the rank came before");
    seen[parsed.value] = true;
    if (!table.insert(parsed.token, parsed.value))
      return at_line(number, "the token came before");
  }
  if (std::count(table.bytes_.begin(), table.bytes_.end(), no_rank) != 0)
    return at_line(number, "the file ends without all 256 single bytes");
  return table;
}

bool rank_table::insert(std::string_view token, rank value) {
  if (find(token) != no_rank)
    return false;
  const auto hash = hash_of(token);
  const auto mask = slots_.size() - 1;
  auto index = hash & mask;
  while (slots_[index].value != no_rank)
    index = (index + 1) & mask;
  slots_[index] = {static_cast<std::uint32_t>(hash >> 32U),
                   static_cast<std::uint32_t>(arena_.size()), value,
                   static_cast<std::uint32_t>(token.size())};
  arena_.append(token);
  const auto byte = [&](std::size_t i) {
    return static_cast<unsigned char>(token[i]);
  };
  if (token.size() == 1)
    bytes_[byte(0)] = value;
  else if (token.size() == 2)
    pairs_[(std::size_t{byte(0)} << 8U) | byte(1)] = value;
  longest_ = std::max(longest_, token.size());
  ++size_;
  return true;
}

rank rank_table::find(std::string_view token) const noexcept {
  const auto hash = hash_of(token);
  const auto tag = static_cast<std::uint32_t>(hash >> 32U);
  const auto mask = slots_.size() - 1;
  for (auto index = hash & mask;; index = (index + 1) & mask) {
    const auto& entry = slots_[index];
    if (entry.value == no_rank)
      return no_rank;
    if (entry.tag == tag && entry.length == token.size()
        && std::memcmp(arena_.data() + entry.begin, token.data(), token.size())
               == 0)
      return entry.value;
  }
}

} // namespace troupe::tokens
