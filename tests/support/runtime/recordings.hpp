#pragma once

#include "providers/wire_codec.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace troupe::test {

/// One recorded answer of a provider.
struct recording {
  std::string name;
  providers::wire_format format = providers::wire_format::openai_chat;
  bool is_stream = false;
  unsigned status = 200;
  std::string body; ///< JSON, or a text/event-stream.
};

/// Recordings of the three formats below `provider-streams`; other formats are
/// left out and counted.
[[nodiscard]] std::vector<recording>
recorded_files(const std::filesystem::path& root, unsigned& left_out);

/// Exchanges of the three formats in the VCR files below `cassettes`; files
/// that are no YAML are named.
[[nodiscard]] std::vector<recording>
recorded_exchanges(const std::filesystem::path& root, unsigned& left_out,
                   std::vector<std::string>& unreadable);

/// Reads a recording as the provider would, its stream cut into pieces by
/// `seed` (0: whole).
[[nodiscard]] protocol::result<protocol::model_reply>
replay(const recording& made, std::uint64_t seed = 0);

/// The tokens that a recording states, all read and all written; empty when it
/// states none. Found by search, without the codecs' own reading.
struct stated_tokens {
  std::uint64_t prompt = 0;
  std::uint64_t output = 0;
};
[[nodiscard]] std::optional<stated_tokens> stated_in(const recording& made);

} // namespace troupe::test
