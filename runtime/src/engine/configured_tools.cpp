#include "engine/configured_tools.hpp"

#include "tools/http_tool.hpp"
#include "tools/process_tool.hpp"
#include "tools/program.hpp"

#include <troupe/actors/tool_pool.hpp>

#include <algorithm>
#include <utility>

namespace troupe {

using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

result<tool_function> code_of(const tool_config& config,
                              const std::string& bwrap, const tool_ground& on) {
  if (config.http.url.empty()) {
    if (config.sandbox == sandbox_use::required && bwrap.empty())
      return fail(errc::config_invalid,
                  "tool '" + config.name
                      + "' requires a sandbox, and bubblewrap (bwrap) is not "
                        "there or may not do its work here");
    return tools::make_process_tool(
        config, config.sandbox == sandbox_use::none ? std::string{} : bwrap);
  }
  if (!on.io)
    on.io = std::make_unique<http::io_thread>();
  auto made =
      tools::make_http_tool(config, *on.io, tools::system_resolver(*on.io));
  if (!made)
    return made.error();
  on.keys.insert(on.keys.end(), made->keys.begin(), made->keys.end());
  return std::move(made->code);
}

bool asks_for_sandbox(const tool_config& config) {
  return config.http.url.empty() && config.sandbox != sandbox_use::none;
}

} // namespace

result<std::map<std::string, actors::tool>>
make_configured_tools(const std::vector<tool_config>& all,
                      const tool_ground& on) {
  const bool asks = std::any_of(all.begin(), all.end(), asks_for_sandbox);
  const auto bwrap = asks ? tools::find_sandbox() : std::string{};
  // All, before a thread is there for any.
  std::vector<std::pair<const tool_config*, tool_function>> codes;
  for (const auto& it : all) {
    auto code = code_of(it, bwrap, on);
    if (!code)
      return code.error();
    codes.emplace_back(&it, std::move(*code));
  }
  std::map<std::string, actors::tool> made;
  for (auto& [config, code] : codes) {
    auto threads = actors::spawn_tool_pool(
        on.system, config->name,
        [code = std::move(code)](const actors::tool_work& work) {
          return code(
              {work.call.arguments, work.deadline, work.stop, work.key});
        },
        config->concurrency, on.clock);
    made.emplace(config->name, actors::tool{{config->name, config->description,
                                             config->parameters},
                                            std::move(threads),
                                            config->idempotent});
  }
  return made;
}

} // namespace troupe
