#include "providers/tool_schema.hpp"

#include <troupe/protocol/json.hpp>

namespace troupe::providers {

protocol::result<boost::json::value> schema_of(const protocol::tool_spec& tool,
                                               std::string_view otherwise) {
  auto schema = protocol::parse_json(tool.input_schema.empty()
                                         ? otherwise
                                         : std::string_view{tool.input_schema});
  if (!schema || !schema->is_object())
    return protocol::fail(protocol::errc::invalid_request,
                          "tool '" + tool.name
                              + "': its schema is not a JSON object");
  return schema;
}

} // namespace troupe::providers
