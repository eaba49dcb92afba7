#include "yaml/as_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

namespace troupe::yaml {

namespace json = boost::json;

namespace {

json::value scalar(const node& at) {
  if (at.quoted)
    return json::string{at.text};
  if (at.text == "~")
    return nullptr;
  // null, true, false and numbers are spelled as in JSON.
  if (const char first = at.text.empty() ? '"' : at.text.front();
      first == '-' || (first >= '0' && first <= '9') || at.text == "null"
      || at.text == "true" || at.text == "false") {
    json::error_code problem;
    if (auto value = json::parse(at.text, problem); !problem)
      return value;
  }
  return json::string{at.text};
}

} // namespace

json::value as_json(const node& at) {
  switch (at.kind) {
  case node_kind::null:
    return nullptr;
  case node_kind::scalar:
    return scalar(at);
  case node_kind::sequence: {
    json::array all;
    for (const auto& item : at.items)
      all.push_back(as_json(item));
    return all;
  }
  case node_kind::mapping: {
    json::object all;
    for (std::size_t i = 0; i < at.items.size(); ++i)
      all[at.keys[i].text] = as_json(at.items[i]);
    return all;
  }
  }
  return nullptr;
}

} // namespace troupe::yaml
