#pragma once

#include "troupe/actors/fallback_lists.hpp"
#include "troupe/actors/router_rules.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// What a fallback is for.
enum class failure_class : std::uint8_t {
  general,
  context_window,
  content_policy,
};

/// Null: no other model mends it.
[[nodiscard]] std::optional<failure_class>
failure_class_of(protocol::errc code) noexcept;

/// Which models come next where one has failed, by what somebody has said for
/// that model or for its tier. Models are numbered as in `models`.
/// Not thread-safe for changes; any number of threads may ask.
class fallback_chains {
public:
  /// `models` must outlive it and stay as they are. Names that are not among
  /// them are left out: no call can go there.
  fallback_chains(const std::vector<protocol::model_spec>& models,
                  const std::map<std::string, fallback_lists>& said);

  /// The list of the model that has failed, else that of its tier, without the
  /// models in `tried` and those that are unable to do what is needed. Whoever
  /// has pinned a model gets another only where that model has a list.
  /// Empty: nothing is said, or nothing is left of it.
  [[nodiscard]] std::vector<std::size_t>
  after(std::size_t failed, failure_class why, const model_need& need,
        const std::vector<std::size_t>& tried) const;

private:
  using lists = std::array<std::vector<std::size_t>, 3>; ///< By class.

  [[nodiscard]] const std::vector<std::size_t>*
  list_of(std::size_t failed, failure_class why, bool is_pinned) const;

  const std::vector<protocol::model_spec>* models_;
  std::map<std::size_t, lists> of_model_;
  std::map<protocol::tier, lists> of_tier_;
};

} // namespace troupe::actors
