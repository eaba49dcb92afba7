#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// A parsed XML text, as much of it as messages need.
namespace troupe::protocol {

class xml_document;

/// The namespace of all of troupe's XML; its last part is the major version.
inline constexpr std::string_view xml_namespace = "urn:troupe:message:1";

/// An element of an `xml_document`, which must outlive it. False: none.
class xml_element {
public:
  xml_element() = default;

  explicit operator bool() const noexcept { return document_ != nullptr; }

  /// Without a prefix.
  [[nodiscard]] std::string_view name() const noexcept;
  /// True when it is called `name` and stands in troupe's namespace.
  [[nodiscard]] bool is(std::string_view name) const noexcept;
  [[nodiscard]] bool is_in_namespace() const noexcept;

  /// All between its tags, when no elements stand there; else empty.
  [[nodiscard]] std::string_view text() const noexcept;
  /// True when `text` is base64 of what is meant.
  [[nodiscard]] bool is_base64() const noexcept;
  /// The first attribute that messages do not know; empty: none.
  [[nodiscard]] std::string_view unknown_attribute() const noexcept;

  /// The line in which its start tag ends, from 1.
  [[nodiscard]] std::uint32_t line() const noexcept;

  [[nodiscard]] xml_element first_child() const noexcept;
  [[nodiscard]] xml_element next_sibling() const noexcept;

private:
  friend class xml_document;
  xml_element(const xml_document* document, std::uint32_t index) noexcept
      : document_(document), index_(index) {}

  const xml_document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

/// Elements with their texts; comments are gone, and so is white space beside
/// elements. Thread safety: any thread, once it is made.
class xml_document {
public:
  /// Where a name or a text stands among all characters of the document.
  struct piece {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct node {
    piece name;
    piece text;
    std::uint32_t line = 0;
    std::uint32_t next = 0; ///< Of the next sibling; 0: none.
    bool has_child = false; ///< Its first one follows it.
    bool is_in_namespace = false;
    bool is_base64 = false;
    bool has_unknown_attribute = false;
  };
  struct attribute {
    std::uint32_t node = 0;
    piece name;
  };

  /// `nodes` in the order of their start tags, the root first; not empty.
  /// `unknown` by rising `node`.
  xml_document(std::vector<node> nodes, std::vector<attribute> unknown,
               std::string characters) noexcept
      : nodes_(std::move(nodes)), unknown_(std::move(unknown)),
        characters_(std::move(characters)) {}

  [[nodiscard]] xml_element root() const noexcept { return {this, 0}; }

private:
  friend class xml_element;
  [[nodiscard]] std::string_view at(piece where) const noexcept {
    return std::string_view{characters_}.substr(where.begin, where.size);
  }

  std::vector<node> nodes_;
  std::vector<attribute> unknown_;
  std::string characters_;
};

} // namespace troupe::protocol
