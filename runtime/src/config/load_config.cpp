#include "catalogue/models_cache.hpp"
#include "config/config_reader.hpp"
#include "config/fallbacks.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <system_error>

namespace troupe {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> process_environment(const std::string& name) {
  const auto* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0')
    return std::nullopt;
  return value;
}

/// The file to read; empty: there is none.
std::string find_file(const environment_reader& environment) {
  if (auto named = environment("TROUPE_CONFIG"))
    return *named;
  std::vector<fs::path> places{"troupe.yaml"};
  if (auto folder = environment("XDG_CONFIG_HOME"))
    places.push_back(fs::path{*folder} / "troupe" / "troupe.yaml");
  else if (auto home = environment("HOME"))
    places.push_back(fs::path{*home} / ".config" / "troupe" / "troupe.yaml");
  std::error_code ec;
  auto at = std::find_if(places.begin(), places.end(), [&](const auto& path) {
    return fs::exists(path, ec);
  });
  return at == places.end() ? std::string{} : at->string();
}

/// Where programs keep what they can fetch again; empty: nowhere.
std::string cache_file(const environment_reader& environment) {
  fs::path folder;
  if (auto named = environment("XDG_CACHE_HOME"))
    folder = *named;
  else if (auto home = environment("HOME"))
    folder = fs::path{*home} / ".cache";
  // A relative one is to be ignored, as the standard has it.
  return folder.is_absolute() ? (folder / "troupe" / "models.yaml").string()
                              : std::string{};
}

/// `/providers/2/base_url` as the file has it: by name.
std::string by_name(const std::string& pointer, const runtime_config& config) {
  constexpr std::string_view start = "/providers/";
  if (!pointer.starts_with(start))
    return pointer;
  std::size_t index = 0;
  const auto* first = pointer.data() + start.size();
  const auto* end = pointer.data() + pointer.size();
  auto [last, ec] = std::from_chars(first, end, index);
  if (ec != std::errc{} || index >= config.providers.size())
    return pointer;
  return std::string{start} + config.providers[index].name
         + std::string{last, end};
}

class file_check {
public:
  file_check(const yaml::node& root, yaml::problems& found)
      : root_{root}, found_{found} {}

  void run(const runtime_config& config) {
    for (std::size_t i = 0; i < config.catalogue.size(); ++i)
      check("/catalogue/" + std::to_string(i), config.catalogue[i]);
    for (const auto& [family, path] : config.tokens.ranks)
      check("/tokens/ranks/" + family, path);
    for (const auto& one : config.providers) {
      check("/providers/" + one.name + "/api_key_file", one.api_key_file);
      check("/providers/" + one.name + "/ca_file", one.ca_file);
    }
  }

private:
  void check(const std::string& pointer, const std::string& path) {
    std::error_code ec;
    if (!path.empty() && !fs::is_regular_file(path, ec))
      found_.add(yaml::nearest_node(root_, pointer),
                 "there is no file " + yaml::in_quotes(path));
  }

  const yaml::node& root_;
  yaml::problems& found_;
};

/// Of a catalogue that cannot be read others will tell.
void check_models_named(const yaml::node& root, const runtime_config& config,
                        yaml::problems& found) {
  if (config.routing.fallbacks.empty())
    return;
  const auto known = models::load_models(config);
  if (!known.problems.empty())
    return;
  for (auto& one : config::check_fallbacks(config.routing, known.models))
    found.add(yaml::nearest_node(root, one.pointer), std::move(one.message));
}

} // namespace

loaded_config load_config(const std::string& file,
                          const environment_reader& environment) {
  loaded_config loaded;
  const auto& look = environment ? environment : process_environment;
  loaded.file = !file.empty() ? file : find_file(look);
  loaded.config.catalogue_cache = cache_file(look);
  if (loaded.file.empty())
    return loaded;
  yaml::problems found{loaded.file};
  if (auto root = yaml::load(loaded.file, found)) {
    config::hide_keys(*root, found);
    const auto cache = loaded.config.catalogue_cache;
    loaded.config =
        config::read_config(*root, fs::path{loaded.file}.parent_path(), found);
    if (loaded.config.catalogue_cache.empty())
      loaded.config.catalogue_cache = cache;
    for (auto& one : check_config(loaded.config))
      found.add(yaml::nearest_node(*root, by_name(one.pointer, loaded.config)),
                std::move(one.message));
    file_check{*root, found}.run(loaded.config);
    check_models_named(*root, loaded.config, found);
  }
  loaded.problems = found.take();
  return loaded;
}

} // namespace troupe
