#pragma once

#include "troupe/protocol/catalogue.hpp"
#include "troupe/runtime/problem.hpp"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// Priced models by id. Immutable but for assignment. Thread safety: any
/// thread may read.
class catalogue {
public:
  catalogue() = default; ///< No models.

  /// Of equal ids the last one counts.
  explicit catalogue(std::vector<protocol::model_spec> models);

  /// The models that come with the library: no file is read.
  [[nodiscard]] static const catalogue& built_in();

  /// The model with exactly this id, or null. Valid while this object lives
  /// and is not assigned to.
  [[nodiscard]] const protocol::model_spec*
  find(std::string_view id) const noexcept;

  /// By rising id.
  [[nodiscard]] std::span<const protocol::model_spec> all() const noexcept {
    return models_;
  }

  /// ` (did you mean 'openai/gpt-4.1'?)` for an id that is unknown: the nearest
  /// one, or the one whose provider calls it so. Empty when none is near.
  [[nodiscard]] std::string suggestion_for(std::string_view id) const;

  /// These models and `more`; one of `more` replaces one with its id.
  [[nodiscard]] catalogue
  extended(std::span<const protocol::model_spec> more) const;

private:
  std::vector<protocol::model_spec> models_; ///< Sorted by id.
};

/// What reading a file of models gave: right only when `problems` is empty.
struct loaded_catalogue {
  catalogue models;
  std::vector<problem> problems;
};

/// Reads the models of a YAML file (see docs/catalogue.md) and adds them to
/// `base`; an entry replaces the one with its id as a whole. With problems,
/// all of them are told and `models` is `base`. At most 4 MiB.
/// Blocking: as long as the disk takes. Thread safety: any thread.
[[nodiscard]] loaded_catalogue
load_catalogue(const std::filesystem::path& file,
               const catalogue& base = catalogue::built_in());

/// Reads several files in order, each on top of those before it; stops at the
/// first that has problems. No file: the built-in models.
[[nodiscard]] loaded_catalogue
load_catalogue(const std::vector<std::string>& files);

} // namespace troupe
