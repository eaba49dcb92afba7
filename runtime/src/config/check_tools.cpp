#include "config/check_tools.hpp"

#include "config/config_reader.hpp"
#include "tools/url_template.hpp"
#include "troupe/protocol/json.hpp"
#include "troupe/protocol/mission_check.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <set>

namespace troupe::config {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t tools_most = 1'000;
constexpr std::size_t words_most = 256;
constexpr std::size_t word_bytes = 4'096;
constexpr std::size_t variables_most = 64;

bool is_variable(const std::string& name) {
  return !name.empty() && name.size() <= 128
         && (name.front() < '0' || name.front() > '9')
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
                     || (c >= '0' && c <= '9') || c == '_';
            });
}

class tools_check {
public:
  explicit tools_check(const runtime_config& config) : config_(config) {}

  std::vector<protocol::field_problem> run() {
    if (config_.tools.size() > tools_most)
      add("/tools", "'tools' has at most 1,000 tools");
    for (std::size_t i = 0; i < config_.tools.size(); ++i)
      check(config_.tools[i], "/tools/" + std::to_string(i));
    return std::move(list_);
  }

private:
  void add(std::string pointer, std::string message) {
    list_.push_back({std::move(pointer), std::move(message)});
  }

  template <class T>
  void in_range(const std::string& pointer, T value, T least, T most,
                const std::string& meaning) {
    if (value < least || value > most)
      add(pointer, '\'' + pointer.substr(pointer.rfind('/') + 1)
                       + "' must be from " + meaning);
  }

  void check(const tool_config& one, const std::string& place) {
    if (!protocol::is_name(one.name))
      add(place + "/name", "a tool's name must have 1 to 64 letters, digits, "
                           "'-', '_' or '.'");
    else if (!names_.insert(one.name).second)
      add(place + "/name", "another tool has this name");
    if (one.description.size() > 4'096)
      add(place + "/description",
          "a tool's description has at most 4,096 bytes");
    check_schema(one, place);
    if (one.http.url.empty())
      check_program(one, place);
    else
      check_http(one, place + "/http");
    check_environment(one, place);
    in_range<protocol::duration>(place + "/timeout", one.timeout, 1ms, 1h,
                                 "1 ms to 1 h");
    in_range(place + "/output_max", one.output_max, 1U, 1U << 20U,
             "1 byte to 1 MiB");
    in_range(place + "/concurrency", one.concurrency, 1U, 256U, "1 to 256");
    in_range<std::uint64_t>(place + "/memory_max", one.memory_max, 16U << 20U,
                            1ULL << 40U, "16 MiB to 1 TiB");
    in_range<protocol::duration>(place + "/cpu_max", one.cpu_max, 1s, 1h,
                                 "1 s to 1 h");
    in_range(place + "/files_max", one.files_max, 8U, 65'536U, "8 to 65,536");
    in_range(place + "/processes_max", one.processes_max, 1U, 1'000U,
             "1 to 1,000");
  }

  void check_schema(const tool_config& one, const std::string& place) {
    const auto schema = protocol::parse_json(
        one.parameters, {.bytes_max = 64U << 10U, .values_max = 10'000});
    if (!schema || !schema->is_object())
      add(place + "/parameters",
          "'parameters' must be a JSON Schema of an object, of at most 64 KiB");
    else if (const auto* type = schema->as_object().if_contains("type");
             type != nullptr && *type != "object")
      add(place + "/parameters",
          "a tool is called with an object: 'parameters' has 'type: object'");
  }

  void check_http(const tool_config& one, const std::string& place) {
    const auto& it = one.http;
    if (!one.run.empty())
      add(place, "a tool has 'run' or 'http', not both");
    const auto url = tools::parse_url_template(it.url);
    if (!url)
      add(place + "/url",
          "'url' must be an address like https://host/v1/{city}, without user "
          "and fragment, with arguments in its path and query only");
    else if (!url->at.tls && !http::is_loopback(url->at))
      add(place + "/url", "'url' must be https: http is for this machine only");
    else if (http::is_loopback(url->at) && !it.allow_private)
      add(place + "/url", "'url' leads to this machine, which needs "
                          "'allow_private: true'");
    for (const auto& [name, value] : it.headers)
      check_header(name, value, place + "/headers");
    for (const auto& host : it.allow)
      if (!http::parse_base_url("https://" + host)
          || host.find_first_of("/:") != std::string::npos)
        add(place + "/allow", "'allow' lists hosts, as in 'api.example.com'");
    in_range(place + "/redirects_max", it.redirects_max, 0U, 10U, "0 to 10");
    in_range(place + "/response_max", it.response_max, 1U, 1U << 20U,
             "1 byte to 1 MiB");
  }

  void check_header(const std::string& name, const std::string& value,
                    const std::string& place) {
    if (is_key_header(name) && value.find('$') == std::string::npos)
      add(place, "a header that carries a key names its variable, as in "
                 "'Authorization: Bearer $API_KEY'");
    const bool is_plain =
        value.size() <= 1'024
        && std::all_of(value.begin(), value.end(), [](char c) {
             return c == '\t' || (c >= ' ' && c <= '~');
           });
    const bool names_all = [&] {
      for (auto at = value.find('$'); at != std::string::npos;
           at = value.find('$', at + 1))
        if (at + 1 == value.size() || value[at + 1] < 'A'
            || value[at + 1] > 'Z')
          return false;
      return true;
    }();
    if (!protocol::is_name(name) || !is_plain || !names_all)
      add(place, "a header has a name of letters, digits and '-', and a value "
                 "of at most 1,024 printable ASCII characters, in which '$' "
                 "begins the name of a variable");
    constexpr std::array<std::string_view, 6> ours{"host",
                                                   "connection",
                                                   "content-length",
                                                   "idempotency-key",
                                                   "transfer-encoding",
                                                   "content-type"};
    if (std::any_of(ours.begin(), ours.end(), [&](auto one) {
          return std::equal(one.begin(), one.end(), name.begin(), name.end(),
                            [](char a, char b) {
                              return a == (b >= 'A' && b <= 'Z' ? b + 32 : b);
                            });
        }))
      add(place, "the header '" + name + "' is made by the tool itself");
  }

  void check_program(const tool_config& one, const std::string& place) {
    if (one.run.empty() || one.run.front().empty())
      return add(place + "/run", "'run' must name a program, as in "
                                 "'run: [jq, -e, .]'");
    const bool is_short =
        one.run.size() <= words_most
        && std::all_of(one.run.begin(), one.run.end(), [](const auto& word) {
             return word.size() <= word_bytes;
           });
    if (!is_short)
      add(place + "/run", "'run' has at most 256 words of 4,096 bytes");
    const auto has_zero = [](const std::string& text) {
      return text.find('\0') != std::string::npos;
    };
    if (std::any_of(one.run.begin(), one.run.end(), has_zero)
        || has_zero(one.folder))
      add(place + "/run", "a program's words and folder hold no zero byte");
  }

  void check_environment(const tool_config& one, const std::string& place) {
    const auto pointer = place + "/environment";
    if (one.environment.size() > variables_most)
      add(pointer, "'environment' has at most 64 variables");
    for (const auto& name : one.environment) {
      if (!is_variable(name))
        add(pointer, "'environment' names variables; their values are this "
                     "process's own");
      for (const auto& provider : config_.providers)
        if (!name.empty() && provider.api_key_env == name)
          add(pointer, '\'' + name + "' holds the key of provider '"
                           + provider.name + "': no tool is given it");
    }
  }

  const runtime_config& config_;
  std::set<std::string> names_;
  std::vector<protocol::field_problem> list_;
};

} // namespace

std::vector<protocol::field_problem> check_tools(const runtime_config& config) {
  return tools_check{config}.run();
}

} // namespace troupe::config
