#pragma once

#include <troupe/protocol/result.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>

namespace troupe {

/// How a text is cut into pieces before the pieces are encoded.
enum class token_split : std::uint8_t { o200k, cl100k };

/// Reads a rank file (`<base64 of a token> <rank>` per line, uncompressed, as
/// published for o200k_base and cl100k_base) into a counter of exact counts,
/// for texts without special tokens. Its `upper_bound` is the exact count,
/// so use it only for models that have this very table. Memory: some 15 MB.
/// Errors: `file_unreadable` (missing, over 16 MiB), `malformed_message` with
/// the number of the line. Blocking: reads the file, some 50 ms.
[[nodiscard]] protocol::result<std::shared_ptr<const protocol::token_counter>>
load_token_counter(const std::filesystem::path& rank_file, token_split split);

} // namespace troupe
