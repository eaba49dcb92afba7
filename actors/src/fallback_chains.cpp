#include "fallback_chains.hpp"

#include "troupe/actors/model_fit.hpp"

#include <algorithm>

namespace troupe::actors {

using protocol::errc;

namespace {

bool is_in(const std::vector<std::size_t>& models, std::size_t model) {
  return std::find(models.begin(), models.end(), model) != models.end();
}

} // namespace

std::optional<failure_class> failure_class_of(errc code) noexcept {
  if (code == errc::content_refused)
    return failure_class::content_policy;
  if (code == errc::context_too_long)
    return failure_class::context_window;
  if (may_fall_back(code))
    return failure_class::general;
  return std::nullopt;
}

fallback_chains::fallback_chains(
    const std::vector<protocol::model_spec>& models,
    const std::map<std::string, fallback_lists>& said)
    : models_(&models) {
  const auto place_of = [&](const std::string& id) {
    const auto is_it = [&](const auto& model) {
      return model.id == id;
    };
    return static_cast<std::size_t>(
        std::find_if(models.begin(), models.end(), is_it) - models.begin());
  };
  const auto places_of = [&](const std::vector<std::string>& ids) {
    std::vector<std::size_t> places;
    for (const auto& id : ids)
      if (const auto at = place_of(id); at < models.size())
        places.push_back(at);
    return places;
  };
  for (const auto& [name, it] : said) {
    const lists made{places_of(it.general), places_of(it.context_window),
                     places_of(it.content_policy)};
    if (protocol::tier level{}; protocol::enum_from_name(name, level))
      of_tier_[level] = made;
    else if (const auto at = place_of(name); at < models.size())
      of_model_[at] = made;
  }
}

const std::vector<std::size_t>* fallback_chains::list_of(std::size_t failed,
                                                         failure_class why,
                                                         bool is_pinned) const {
  const auto at = static_cast<std::size_t>(why);
  const auto own = of_model_.find(failed);
  if (own != of_model_.end() && !own->second[at].empty())
    return &own->second[at];
  const auto shared = of_tier_.find((*models_)[failed].level);
  if (is_pinned || shared == of_tier_.end())
    return nullptr;
  return &shared->second[at];
}

std::vector<std::size_t>
fallback_chains::after(std::size_t failed, failure_class why,
                       const model_need& need,
                       const std::vector<std::size_t>& tried) const {
  std::vector<std::size_t> next;
  const auto* list = list_of(failed, why, !need.pinned.empty());
  if (list == nullptr)
    return next;
  for (const auto it : *list)
    if (it != failed && !is_in(tried, it) && !is_in(next, it)
        && !why_unable((*models_)[it], need))
      next.push_back(it);
  return next;
}

} // namespace troupe::actors
