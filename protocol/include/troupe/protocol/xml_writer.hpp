#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::protocol {

/// How the elements of a document stand.
enum class xml_layout : unsigned char {
  one_line, ///< Without any white space between them.
  indented, ///< One a line, for people.
};

/// Writes one XML document: the first element that is opened is its root.
/// Names are taken as they are; texts are escaped.
/// Thread safety: one thread at a time.
class xml_writer {
public:
  explicit xml_writer(xml_layout layout) : layout_(layout) {}

  void open(std::string_view name);
  void close(std::string_view name);

  /// An element with a text that needs no escape: a number, a name, a time.
  void plain(std::string_view name, std::string_view text);

  /// An element with any text. What XML cannot hold is written as base64.
  void text(std::string_view name, std::string_view text);

  /// The document; with a line end when it is indented.
  [[nodiscard]] std::string take() &&;

private:
  void start(std::string_view name, std::string_view attributes);
  void end(std::string_view name);
  void new_line();

  xml_layout layout_;
  std::size_t depth_ = 0;
  std::size_t opened_ = 0; ///< Where the last start tag ends.
  std::string out_;
};

} // namespace troupe::protocol
