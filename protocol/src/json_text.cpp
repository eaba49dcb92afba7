#include "troupe/protocol/json_text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace troupe::protocol {

namespace {

namespace js = boost::json;

void append(std::string& out, const js::value& json, std::size_t depth);

void new_line(std::string& out, std::size_t depth) {
  out.append(1, '\n').append(2 * depth, ' ');
}

void append_key(std::string& out, const js::key_value_pair& field) {
  out += js::serialize(js::string_view{field.key()});
  out += ": ";
}

/// The items of a list or the fields of an object, between two brackets.
template <class All, class F>
void append_all(std::string& out, const All& all, std::string_view brackets,
                std::size_t depth, F append_one) {
  out += brackets.front();
  bool is_first = true;
  for (const auto& each : all) {
    if (!is_first)
      out += ',';
    is_first = false;
    new_line(out, depth + 1);
    append_one(each);
  }
  new_line(out, depth);
  out += brackets.back();
}

void append(std::string& out, const js::value& json, std::size_t depth) {
  if (json.is_object() && !json.get_object().empty())
    append_all(out, json.get_object(), "{}", depth, [&](const auto& field) {
      append_key(out, field);
      append(out, field.value(), depth + 1);
    });
  else if (json.is_array() && !json.get_array().empty())
    append_all(out, json.get_array(), "[]", depth,
               [&](const auto& item) { append(out, item, depth + 1); });
  else
    out += js::serialize(json);
}

} // namespace

std::string indented_json(const js::value& json) {
  std::string out;
  append(out, json, 0);
  return out += '\n';
}

} // namespace troupe::protocol
