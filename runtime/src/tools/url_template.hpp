#pragma once

#include "http/url.hpp"
#include "troupe/runtime/tool_config.hpp"

#include <troupe/protocol/result.hpp>

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

/// What a tool asks its server, from what a model has said. Plain rules.
namespace troupe::tools {

/// `https://host[:port]/path?query` with `{name}` in path and query only.
struct url_template {
  http::origin at;
  /// By turns text and the name of an argument, from text on.
  std::vector<std::string> parts;
};

/// Errors: `config_invalid`, without the text (it might hold a key).
[[nodiscard]] protocol::result<url_template>
parse_url_template(std::string_view text);

/// The path with its query, and a body of JSON, if there is one.
struct filled_request {
  std::string target;
  std::string body;
};

/// Fills a template with arguments, in percent encoding, so that none can
/// change what is around it. Those it does not name go into the query, or into
/// the body where the method has one. Errors: `invalid_request` for one that is
/// missing or is no text, number or truth, or that would make a segment of the
/// path `.`, `..` or nothing; `limit_exceeded` for more than 8 KiB.
[[nodiscard]] protocol::result<filled_request>
fill(const url_template& url, http_method method,
     const boost::json::object& arguments);

/// Where a redirect leads to. Errors: `url_forbidden` for what is no address of
/// http or https, or names a user; also where https would become http.
struct place {
  http::origin at;
  std::string target;
};
[[nodiscard]] protocol::result<place> follow(const place& from,
                                             std::string_view location);

} // namespace troupe::tools
