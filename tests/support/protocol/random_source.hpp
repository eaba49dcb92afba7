#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe::protocol::test {

/// splitmix64: small, fast, and the same everywhere.
class random_source {
public:
  explicit random_source(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    auto x = state_;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31U);
  }
  /// From 0 to `end` - 1.
  std::size_t below(std::size_t end) { return next() % end; }
  bool coin() { return (next() & 1U) != 0; }

private:
  std::uint64_t state_;
};

/// Texts that codecs like to get wrong.
inline const std::array<std::string, 20> awkward_texts{"",
                                                       "plain",
                                                       "\"quoted\\\"",
                                                       "line\nbreak\ttab",
                                                       "a/b~c",
                                                       "null",
                                                       "\xC3\xA4\xE2\x82\xAC",
                                                       "\xF0\x9F\x8E\xAD mask",
                                                       "</script>&",
                                                       "\x7F\x01",
                                                       "{\"a\":[1,2]}",
                                                       "0.1",
                                                       "]]>",
                                                       "\r\n",
                                                       "  two spaces  ",
                                                       "\r",
                                                       "\n",
                                                       "<![CDATA[",
                                                       "&amp;&#0;",
                                                       "\xEF\xBF\xBE"};

} // namespace troupe::protocol::test
