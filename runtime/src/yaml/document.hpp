#pragma once

#include "troupe/runtime/problem.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Safe reading of YAML (and so of JSON) files that people wrote: bounded
/// before it is parsed, no aliases, no tags, no duplicate keys, and a line and
/// column for every value. No type of the YAML library is seen outside.
namespace troupe::yaml {

enum class node_kind : std::uint8_t { null, scalar, sequence, mapping };

/// A value and where it stands. Plain data; owns what is below it.
struct node {
  node_kind kind = node_kind::null;
  bool quoted = false;      ///< A scalar in quotes or a block: never a number.
  std::uint32_t line = 1;   ///< From 1.
  std::uint32_t column = 1; ///< From 1.
  std::string text;         ///< Of a scalar.
  std::vector<node> keys;   ///< Of a mapping: scalars, beside `items`.
  std::vector<node> items;  ///< Of a mapping or a sequence.

  /// The value under `key`, or null.
  [[nodiscard]] const node* find(std::string_view key) const;
};

/// The value at a JSON pointer (RFC 6901, without `~` escapes), or the last
/// one on the way to it that exists. A step into a sequence is a number from 0.
[[nodiscard]] const node& nearest_node(const node& root,
                                       std::string_view pointer);

/// All problems of one file. Keeps the first 200 and says
/// so when there are more. Not thread-safe.
class problems {
public:
  explicit problems(std::string file) : file_{std::move(file)} {}

  void add(const node& at, std::string message);
  void add(std::uint32_t line, std::uint32_t column, std::string message);
  /// A problem of the file as a whole, or one found in another file.
  void add(std::string message) { add(0, 0, std::move(message)); }
  void add(problem found);

  /// Nothing more is kept: searching on is of no use.
  [[nodiscard]] bool is_full() const { return full_; }
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] bool empty() const { return list_.empty(); }
  [[nodiscard]] const std::vector<problem>& list() const { return list_; }
  /// Hands the list over, by line; a repeated problem is told once.
  [[nodiscard]] std::vector<problem> take();

private:
  std::string file_;
  std::vector<problem> list_;
  bool full_ = false;
};

/// What a file may be at most.
struct limits {
  std::size_t bytes_max = 4U << 20U; ///< Checked before anything is read.
  std::size_t nodes_max = 100'000;
  std::size_t depth_max = 32;
};

/// Parses one document. Nothing, and a problem added, when the text is too
/// large, not UTF-8, not YAML, too deep, has an anchor, alias or tag, a key
/// that is no scalar, or a second document. A duplicate key is a problem too,
/// but the rest is still returned, so that its problems can be told as well:
/// only an empty list of problems means that the file is right. No exceptions.
[[nodiscard]] std::optional<node> parse(std::string_view text, problems& found,
                                        const limits& at_most = {});

/// Reads and parses the file `path`. Problems as `parse`, and when the file
/// cannot be read. Blocking: as long as the disk takes.
[[nodiscard]] std::optional<node> load(const std::filesystem::path& path,
                                       problems& found,
                                       const limits& at_most = {});

/// `'text'` for messages: at most 60 characters, control characters as `?`.
[[nodiscard]] std::string in_quotes(std::string_view text);

} // namespace troupe::yaml
