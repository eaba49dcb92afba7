#include "catalogue/models_cache.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "report/printable.hpp"
#include "setup.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::cli {

int refresh_models(const models_arguments& given, console& on) {
  const auto loaded = load_config(given.common.config);
  if (!loaded.problems.empty()) {
    tell(on, loaded.problems);
    return exit_bad_input;
  }
  const auto& config = loaded.config;
  const auto name =
      given.provider.empty() ? std::string{"openrouter"} : given.provider;
  const auto from =
      std::find_if(config.providers.begin(), config.providers.end(),
                   [&](const auto& it) { return it.name == name; });
  if (name != "openrouter" || from == config.providers.end()) {
    on.err.line("troupe models: '" + report::printable_line(name)
                + "' lists no prices; openrouter does");
    return exit_bad_input;
  }
  if (config.catalogue_cache.empty()) {
    on.err.line("troupe models: where is the cache? Set catalogue_cache, "
                "XDG_CACHE_HOME or HOME");
    return exit_bad_input;
  }
  const auto listed = models::refresh_models(*from, config.catalogue_cache,
                                             std::chrono::system_clock::now());
  if (!listed)
    return refuse(listed.error(), on);
  on.out.line(std::to_string(listed->models.size()) + " models of " + name
              + " in " + report::printable_line(config.catalogue_cache));
  on.out.line("left out: " + std::to_string(listed->unpriced)
              + " without a known price, " + std::to_string(listed->other)
              + " that write no text or end, "
              + std::to_string(listed->unreadable) + " unreadable");
  return exit_done;
}

} // namespace troupe::cli
