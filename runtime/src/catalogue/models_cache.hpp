#pragma once

#include "catalogue/listed_models.hpp"
#include "troupe/runtime/config.hpp"

#include <span>
#include <string>

namespace troupe::models {

/// The models that a configuration names: the built-in ones, those of its
/// cache, those of its files. A cache with problems is left out, and logged:
/// it is not the user's own. Blocking: as long as the disk takes.
[[nodiscard]] loaded_catalogue load_models(const runtime_config& config);

/// Models as a catalogue's file; `head` becomes its first line, a comment.
[[nodiscard]] std::string catalogue_text(std::span<const protocol::model_spec>,
                                         const std::string& head);

/// Puts a text in the place of a file, as a whole or not at all, also when the
/// machine stops meanwhile; folders are made. Errors: `file_unreadable`.
[[nodiscard]] protocol::result<void> replace_file(const std::string& path,
                                                  const std::string& text);

/// Fetches a provider's list of models, without any key, and writes the cache.
/// With any error the cache stays as it was. Errors: as `http::client::start`,
/// `error_of_status`, `read_listed_models` and `replace_file`;
/// `provider_rejected` for a list that would not fit a catalogue.
/// Blocking: at most a minute.
[[nodiscard]] protocol::result<listed_models>
refresh_models(const provider_config& from, const std::string& cache,
               protocol::instant now);

} // namespace troupe::models
