#include "troupe/protocol/json.hpp"

#include "shown_text.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/value_stack.hpp>

#include <algorithm>
#include <cmath>

namespace troupe::protocol {

namespace {

namespace js = boost::json;
using text_piece = js::string_view;

/// Why the builder itself refused what the grammar allows.
enum class refusal { none, duplicate_key, number_too_large, too_many_values };

/// Builds the value and refuses what Boost.JSON would let pass: a key that
/// occurs twice (the last would win) and a number that becomes infinite.
class checked_builder {
public:
  static constexpr std::size_t max_array_size = SIZE_MAX;
  static constexpr std::size_t max_object_size = SIZE_MAX;
  static constexpr std::size_t max_string_size = SIZE_MAX;
  static constexpr std::size_t max_key_size = SIZE_MAX;

  explicit checked_builder(std::size_t values_max) : values_left_(values_max) {
    stack_.reset();
  }

  [[nodiscard]] refusal why() const { return why_; }
  /// The field that occurs twice.
  [[nodiscard]] const std::string& twice() const { return twice_; }
  js::value release() { return stack_.release(); }

  bool on_document_begin(js::error_code&) { return true; }
  bool on_document_end(js::error_code&) { return true; }
  bool on_array_begin(js::error_code& ec) { return count(ec); }
  bool on_array_end(std::size_t n, js::error_code&) {
    stack_.push_array(n);
    return true;
  }
  bool on_object_begin(js::error_code& ec) { return count(ec); }
  bool on_object_end(std::size_t n, js::error_code& ec) {
    const auto begin = keys_.end() - static_cast<std::ptrdiff_t>(n);
    std::sort(begin, keys_.end());
    if (const auto twice = std::adjacent_find(begin, keys_.end());
        twice != keys_.end()) {
      twice_ = *twice;
      return refuse(refusal::duplicate_key, ec);
    }
    keys_.erase(begin, keys_.end());
    stack_.push_object(n);
    return true;
  }
  bool on_key_part(text_piece s, std::size_t, js::error_code&) {
    key_.append(s.data(), s.size());
    stack_.push_chars(s);
    return true;
  }
  bool on_key(text_piece s, std::size_t, js::error_code&) {
    key_.append(s.data(), s.size());
    keys_.push_back(std::exchange(key_, {}));
    stack_.push_key(s);
    return true;
  }
  bool on_string_part(text_piece s, std::size_t, js::error_code&) {
    stack_.push_chars(s);
    return true;
  }
  bool on_string(text_piece s, std::size_t, js::error_code& ec) {
    stack_.push_string(s);
    return count(ec);
  }
  bool on_number_part(text_piece, js::error_code&) { return true; }
  bool on_int64(std::int64_t i, text_piece, js::error_code& ec) {
    stack_.push_int64(i);
    return count(ec);
  }
  bool on_uint64(std::uint64_t u, text_piece, js::error_code& ec) {
    stack_.push_uint64(u);
    return count(ec);
  }
  bool on_double(double d, text_piece, js::error_code& ec) {
    stack_.push_double(d);
    return std::isfinite(d) ? count(ec) : refuse(refusal::number_too_large, ec);
  }
  bool on_bool(bool b, js::error_code& ec) {
    stack_.push_bool(b);
    return count(ec);
  }
  bool on_null(js::error_code& ec) {
    stack_.push_null();
    return count(ec);
  }
  bool on_comment_part(text_piece, js::error_code&) { return true; }
  bool on_comment(text_piece, js::error_code&) { return true; }

private:
  bool refuse(refusal why, js::error_code& ec) {
    why_ = why;
    ec = js::make_error_code(js::error::syntax);
    return false;
  }
  bool count(js::error_code& ec) {
    if (values_left_ == 0)
      return refuse(refusal::too_many_values, ec);
    --values_left_;
    return true;
  }

  js::value_stack stack_;
  std::vector<std::string> keys_; // of all objects that are still open
  std::string key_;
  std::string twice_;
  std::size_t values_left_;
  refusal why_ = refusal::none;
};

error refused(const checked_builder& builder, const js::error_code& ec,
              std::size_t offset, const json_limits& limits) {
  const auto place = "byte " + std::to_string(offset) + ": ";
  switch (builder.why()) {
  case refusal::duplicate_key:
    return fail(errc::malformed_message,
                place + "field '" + shown(builder.twice(), false)
                    + "' occurs twice in the object that ends here");
  case refusal::number_too_large:
    return fail(errc::malformed_message, place + "a number out of range");
  case refusal::too_many_values:
    return fail(errc::limit_exceeded, place + "too many values");
  case refusal::none:
    break;
  }
  if (ec == js::error::too_deep)
    return fail(errc::limit_exceeded, place + "values deeper than "
                                          + std::to_string(limits.depth_max));
  return fail(errc::malformed_message, place + ec.message());
}

} // namespace

result<js::value> parse_json(std::string_view text, json_limits limits) {
  if (text.size() > limits.bytes_max)
    return fail(errc::limit_exceeded, "document: " + std::to_string(text.size())
                                          + " bytes, allowed are "
                                          + std::to_string(limits.bytes_max));
  try {
    js::parse_options options;
    options.max_depth = limits.depth_max;
    js::basic_parser<checked_builder> parser(options, limits.values_max);
    js::error_code ec;
    const auto offset = parser.write_some(false, text.data(), text.size(), ec);
    if (ec)
      return refused(parser.handler(), ec, offset, limits);
    if (offset != text.size())
      return fail(errc::malformed_message,
                  "byte " + std::to_string(offset)
                      + ": expected the end of the text");
    return parser.handler().release();
  } catch (const std::exception& problem) {
    return fail(errc::limit_exceeded,
                std::string{"document: "} + problem.what());
  }
}

} // namespace troupe::protocol
