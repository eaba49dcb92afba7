#include "config/tools_reader.hpp"

#include "config/bytes_field.hpp"
#include "config/program_fields.hpp"
#include "yaml/as_json.hpp"

#include <boost/json/serialize.hpp>

#include <chrono>

namespace troupe::config {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

void read_names(yaml::mapping& fields, std::string_view key,
                std::map<std::string, std::string>& out) {
  if (const auto* at = fields.map(key))
    for (std::size_t i = 0; i < at->items.size(); ++i)
      (void)yaml::read_text(at->items[i], "each of '" + std::string{key} + "'",
                            fields.found(), out[at->keys[i].text]);
}

void read_http(yaml::mapping& tool, const fs::path& folder,
               http_tool_config& out) {
  const auto* at = tool.map("http");
  if (at == nullptr)
    return;
  yaml::mapping fields{*at, tool.found()};
  fields.require("url");
  fields.choice("method", out.method);
  fields.text("url", out.url);
  read_names(fields, "headers", out.headers);
  read_names(fields, "key_files", out.key_files);
  for (auto& [name, file] : out.key_files)
    file = whole_path(folder, file);
  fields.texts("allow", out.allow);
  fields.boolean("allow_private", out.allow_private);
  fields.integer("redirects_max", out.redirects_max, 0U, 10U);
  read_bytes(fields, "response_max", out.response_max, 1, 1U << 20U);
  fields.text("ca_file", out.ca_file);
  out.ca_file = whole_path(folder, out.ca_file);
  fields.finish();
}

tool_config read_tool(const yaml::node& at, const fs::path& folder,
                      yaml::problems& found) {
  tool_config tool;
  yaml::mapping fields{at, found};
  fields.require("name");
  fields.text("name", tool.name);
  fields.text("description", tool.description);
  if (const auto* schema = fields.map("parameters"))
    tool.parameters = boost::json::serialize(yaml::as_json(*schema));
  read_command(fields, folder, tool.run);
  read_http(fields, folder, tool.http);
  fields.duration("timeout", tool.timeout, 1ms, 1h);
  read_bytes(fields, "output_max", tool.output_max, 1, 1U << 20U);
  fields.integer("concurrency", tool.concurrency, 1U, 256U);
  fields.boolean("idempotent", tool.idempotent);
  read_bytes(fields, "memory_max", tool.memory_max, 16U << 20U, 1ULL << 40U);
  fields.duration("cpu_max", tool.cpu_max, 1s, 1h);
  fields.integer("files_max", tool.files_max, 8U, 65'536U);
  fields.integer("processes_max", tool.processes_max, 1U, 1'000U);
  fields.texts("environment", tool.environment);
  read_folder(fields, folder, tool.folder);
  fields.choice("sandbox", tool.sandbox);
  fields.boolean("network", tool.network);
  fields.finish();
  return tool;
}

} // namespace

void read_tools(yaml::mapping& top, const fs::path& folder,
                std::vector<tool_config>& out) {
  if (const auto* list = top.list("tools"))
    for (const auto& item : list->items)
      out.push_back(read_tool(item, folder, top.found()));
}

} // namespace troupe::config
