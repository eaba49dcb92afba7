#include "catalogue/models_cache.hpp"

#include <troupe/actors/log.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace troupe::models {

namespace fs = std::filesystem;
using protocol::errc;
using protocol::fail;
using protocol::result;

namespace {

std::string prices_text(const protocol::model_spec& model) {
  std::string text;
  for (const auto& band : model.prices) {
    text += "      - {";
    if (band.prompt_above > 0)
      text += "prompt_above: " + std::to_string(band.prompt_above) + ", ";
    text += "input: " + to_text(band.input) + ", output: "
            + to_text(band.output) + ", cache_read: " + to_text(band.cache_read)
            + ", cache_write: " + to_text(band.cache_write)
            + ", cache_write_1h: " + to_text(band.cache_write_1h) + "}\n";
  }
  return text;
}

std::string quoted_text(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\')
      text += '\\';
    text += c;
  }
  return text + '"';
}

std::string list_text(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + quoted_text(name);
  return "[" + text + "]";
}

std::string model_text(const protocol::model_spec& model) {
  return "  - id: \"" + model.id + "\"\n    provider: \"" + model.provider
         + "\"\n    wire_name: \"" + model.wire_name
         + "\"\n    tier: " + std::string(enum_name(model.level))
         + "\n    speed: " + std::string(enum_name(model.pace))
         + "\n    skills: " + list_text(model.skills)
         + "\n    regions: " + list_text(model.regions)
         + "\n    context_tokens: " + std::to_string(model.context_tokens)
         + "\n    output_tokens: " + std::to_string(model.output_tokens)
         + "\n    pinned_only: " + (model.pinned_only ? "true" : "false")
         + "\n    prices:\n" + prices_text(model);
}

protocol::error problem(const std::string& path) {
  return fail(errc::file_unreadable,
              "'" + path + "' cannot be written: " + std::strerror(errno));
}

/// Closes its file in the end.
class draft_file {
public:
  explicit draft_file(const std::string& path)
      : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                     0644)) {}
  draft_file(const draft_file&) = delete;
  draft_file& operator=(const draft_file&) = delete;
  ~draft_file() {
    if (file_ >= 0)
      ::close(file_);
  }

  [[nodiscard]] bool write(std::string_view text) const {
    while (file_ >= 0 && !text.empty()) {
      const auto size = ::write(file_, text.data(), text.size());
      if (size < 0 && errno == EINTR)
        continue;
      if (size < 0)
        return false;
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    return file_ >= 0 && ::fsync(file_) == 0;
  }

private:
  int file_;
};

} // namespace

loaded_catalogue load_models(const runtime_config& config) {
  auto all = loaded_catalogue{catalogue::built_in(), {}};
  std::error_code ignored;
  if (!config.catalogue_cache.empty()
      && fs::exists(config.catalogue_cache, ignored)) {
    all = load_catalogue(fs::path{config.catalogue_cache}, all.models);
    if (!all.problems.empty())
      actors::log(actors::log_level::warn, "catalogue", "cache-bad",
                  to_text(all.problems.front()));
    all.problems.clear();
  }
  for (const auto& file : config.catalogue) {
    all = load_catalogue(fs::path{file}, all.models);
    if (!all.problems.empty())
      break;
  }
  return all;
}

std::string catalogue_text(std::span<const protocol::model_spec> models,
                           const std::string& head) {
  std::string text = "# " + head + "\nmodels:\n";
  for (const auto& model : models)
    text += model_text(model);
  return text;
}

result<void> replace_file(const std::string& path, const std::string& text) {
  std::error_code failed;
  const auto folder = fs::path{path}.parent_path();
  if (!folder.empty())
    fs::create_directories(folder, failed);
  const auto draft = path + ".part-" + std::to_string(::getpid());
  const bool good = draft_file{draft}.write(text)
                    && std::rename(draft.c_str(), path.c_str()) == 0;
  if (good)
    return {};
  const auto why = problem(path);
  fs::remove(draft, failed);
  return why;
}

} // namespace troupe::models
