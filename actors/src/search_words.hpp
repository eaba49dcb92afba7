#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::actors {

/// The words of a text as a search compares them: small letters, endings taken
/// off, words without meaning of their own (`the`, `with`) left out. Letters
/// beyond ASCII are kept as they are; "C++" and "C#" are words. At most
/// `count_max` words; of each, 64 bytes. Pure.
[[nodiscard]] std::vector<std::string> search_words(std::string_view text,
                                                    std::size_t count_max);

} // namespace troupe::actors
