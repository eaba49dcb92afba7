#include "troupe/protocol/history.hpp"

#include "troupe/protocol/json.hpp"

#include <boost/json/serialize.hpp>

namespace troupe::protocol {

std::string to_line(const recorded_message& message) {
  std::string line = "{\"kind\":\"";
  line += enum_name(message.kind);
  line += "\",\"type\":";
  line += boost::json::serialize(boost::json::string(message.type));
  line += ",\"header\":";
  line += boost::json::serialize(to_json(message.head));
  line += ",\"body\":";
  line += message.body;
  line += '}';
  return line;
}

} // namespace troupe::protocol
