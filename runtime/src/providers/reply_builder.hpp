#pragma once

#include <troupe/protocol/model.hpp>
#include <troupe/protocol/result.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace troupe::providers {

/// Puts the pieces of an answer together, in the order of their index.
class reply_builder {
public:
  enum class kind : std::uint8_t { skipped, text, thinking, tool };

  struct block {
    kind what = kind::skipped;
    std::string text;      ///< Or the tool's arguments.
    std::string call_id;   ///< Of a tool call.
    std::string name;      ///< Of a tool.
    std::string signature; ///< Of thinking.
  };

  /// The block with this index, made when there is none yet.
  /// Errors: `provider_malformed` beyond 1,024 blocks, or when the block is of
  /// another kind.
  [[nodiscard]] protocol::result<block*> at(std::int64_t index, kind what);

  /// The block with this index, or null.
  [[nodiscard]] block* find(std::int64_t index);

  /// Appends to what the block holds.
  void add(block& to, std::string_view content);

  /// Appends text that listeners are told of.
  void add_text(block& to, std::string_view text);

  /// All that was appended.
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

  /// The text added since the last call.
  [[nodiscard]] std::string take_fresh_text();

  [[nodiscard]] bool has_content() const;

  /// The blocks that hold something. Errors: `provider_malformed` for a tool
  /// call without a name.
  [[nodiscard]] protocol::result<std::vector<protocol::content_part>>
  build() &&;

private:
  std::map<std::int64_t, block> blocks_;
  std::string fresh_;
  std::uint64_t bytes_ = 0;
};

} // namespace troupe::providers
