#pragma once

#include "tokens/rank_table.hpp"

namespace troupe::tokens {

/// Byte-pair encoding of one piece: always merges the neighbours with the
/// lowest rank, the leftmost of equals, until none can be merged.
/// Appends the ranks to `out`, or only counts where `out` is null; returns the
/// number of tokens. Time: n log n for n bytes. Pieces over 16 MiB are cut
/// there to bound memory.
std::size_t encode_piece(const rank_table& table, std::string_view piece,
                         std::vector<rank>* out);

} // namespace troupe::tokens
