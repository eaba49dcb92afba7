#include "tokens/bpe_encoder.hpp"

#include <fstream>

namespace troupe::tokens {

bpe_encoder::bpe_encoder(rank_table table, split_pattern pattern,
                         std::string name)
    : table_(std::move(table)), pattern_(std::move(pattern)),
      name_(std::move(name)) {}

protocol::result<std::shared_ptr<const bpe_encoder>>
bpe_encoder::make(std::string_view text, token_split split) {
  auto table = rank_table::parse(text);
  if (!table)
    return table.error();
  auto pattern = split_pattern::compile(split);
  if (!pattern)
    return pattern.error();
  std::shared_ptr<const bpe_encoder> made = std::make_shared<bpe_encoder>(
      std::move(*table), std::move(*pattern),
      split == token_split::o200k ? "o200k_base" : "cl100k_base");
  return made;
}

std::uint64_t bpe_encoder::count(std::string_view text) const {
  piece_reader pieces{pattern_, text};
  std::uint64_t sum = 0;
  for (auto piece = pieces.next(); !piece.empty(); piece = pieces.next())
    sum += encode_piece(table_, piece, nullptr);
  return sum;
}

std::uint64_t bpe_encoder::upper_bound(std::string_view text) const {
  return count(text);
}

std::string bpe_encoder::name() const {
  return name_;
}

std::vector<rank> bpe_encoder::encode(std::string_view text) const {
  piece_reader pieces{pattern_, text};
  std::vector<rank> out;
  for (auto piece = pieces.next(); !piece.empty(); piece = pieces.next())
    encode_piece(table_, piece, &out);
  return out;
}

} // namespace troupe::tokens

namespace troupe {

protocol::result<std::shared_ptr<const protocol::token_counter>>
load_token_counter(const std::filesystem::path& rank_file, token_split split) {
  using protocol::errc;
  std::error_code code;
  const auto size = std::filesystem::file_size(rank_file, code);
  const auto refuse = [&](const std::string& why) {
    return protocol::fail(errc::file_unreadable,
                          rank_file.string() + ": " + why);
  };
  if (code)
    return refuse(code.message());
  if (size > tokens::rank_limits::bytes_max)
    return refuse("more than 16 MiB");
  std::ifstream file{rank_file, std::ios::binary};
  std::string text(size, '\0');
  if (!file.read(text.data(), static_cast<std::streamsize>(size)))
    return refuse("cannot be read");
  auto made = tokens::bpe_encoder::make(text, split);
  if (!made)
    return protocol::fail(made.error().code,
                          rank_file.string() + ": " + made.error().detail);
  return std::shared_ptr<const protocol::token_counter>{std::move(*made)};
}

} // namespace troupe
