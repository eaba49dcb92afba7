#include "rules.hpp"

#include <array>
#include <regex>

namespace troupe::tidy {

namespace {

struct layer {
  std::string_view folder;
  std::regex forbidden; ///< What must not follow `#include <` or `"`.
};

const std::string third_party =
    "boost/asio|boost/beast|sqlite3|spdlog/|yaml-cpp/|CLI/|openssl/|pcre2";

const std::array<layer, 4>& layers() {
  static const std::array<layer, 4> all{{
      {"protocol", std::regex{"^(caf/|troupe/actors/|troupe/runtime/|"
                              + third_party + ")"}},
      {"protocol/include", std::regex{"^libxml/"}},
      {"actors", std::regex{"^(troupe/runtime/|fstream|filesystem|sys/socket|"
                            "netinet/|libxml/|"
                            + third_party + ")"}},
      {"runtime/include",
       std::regex{"^(caf/|troupe/actors/|libxml/|" + third_party + ")"}},
  }};
  return all;
}

void check_include(const source_file& file, std::size_t line,
                   const std::string& target, violations& found) {
  if (target.find("../") != std::string::npos)
    found.push_back({file.path, line, "layer",
                     "includes '" + target + "' by a path that climbs"});
  for (const auto& each : layers())
    if (file.is_under(each.folder) && std::regex_search(target, each.forbidden))
      found.push_back(
          {file.path, line, "layer",
           std::string{each.folder} + " must not include '" + target + "'"});
}

/// Types of libraries that the runtime's users need not know, declared or used.
void check_mention(const source_file& file, std::size_t line,
                   const std::string& code, violations& found) {
  static const std::regex foreign{
      R"(\b(caf|YAML|spdlog|boost::asio|boost::beast|asio|beast|CLI)::|)"
      R"(\bnamespace\s+(caf|YAML|spdlog|CLI|boost::asio|boost::beast)\b|)"
      R"(\b(sqlite3|ssl_st|ssl_ctx_st|SSL_CTX)\b)"};
  std::smatch match;
  if (std::regex_search(code, match, foreign))
    found.push_back({file.path, line, "layer",
                     "a public header of runtime names '" + match.str() + "'"});
}

} // namespace

void check_layers(const source_file& file, violations& found) {
  static const std::regex include{R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])"};
  const bool is_facade = file.is_under("runtime/include");
  for (std::size_t n = 0; n < file.code.size(); ++n) {
    std::smatch match;
    if (std::regex_search(file.code[n], match, include))
      check_include(file, n + 1, match[1], found);
    else if (is_facade)
      check_mention(file, n + 1, file.code[n], found);
  }
}

} // namespace troupe::tidy
