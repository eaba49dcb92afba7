#include "troupe/protocol/schema_check.hpp"

#include "schema_checker.hpp"
#include "troupe/protocol/json.hpp"

namespace troupe::protocol {

namespace {

constexpr std::size_t schema_bytes_max = 256U << 10U;

} // namespace

struct json_schema::content {
  boost::json::value root;
  patterns all;
};

result<json_schema> json_schema::parse(std::string_view text) {
  if (text.size() > schema_bytes_max)
    return fail(errc::mission_invalid, "a JSON Schema of more than 256 KiB");
  auto read = parse_json(text);
  if (!read)
    return fail(errc::mission_invalid,
                "the JSON Schema: " + read.error().detail);
  auto made = std::make_shared<content>();
  made->root = std::move(*read);
  if (auto good = verify_schema(made->root, made->all); !good)
    return good.error();
  json_schema schema;
  schema.content_ = std::move(made);
  return schema;
}

std::vector<std::string>
json_schema::check(const boost::json::value& it) const {
  return schema_checker{content_->root, content_->all}.run(it);
}

} // namespace troupe::protocol
