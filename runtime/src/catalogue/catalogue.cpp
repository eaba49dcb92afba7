#include "troupe/runtime/catalogue.hpp"

#include "catalogue/model_reader.hpp"
#include "troupe/protocol/nearest.hpp"

#include <algorithm>
#include <iterator>

namespace troupe {

using protocol::model_spec;

namespace {

bool by_id(const model_spec& a, const model_spec& b) {
  return a.id < b.id;
}

catalogue read_built_in() {
  yaml::problems found{"built-in models"};
  const auto root = yaml::parse(models::built_in_text(), found);
  if (!root)
    return {}; // a test reads the text, so this cannot leave the tree
  return catalogue{models::read_models(*root, found)};
}

} // namespace

catalogue::catalogue(std::vector<model_spec> models)
    : models_(std::move(models)) {
  std::reverse(models_.begin(), models_.end());
  std::stable_sort(models_.begin(), models_.end(), by_id);
  const auto is_same = [](const model_spec& a, const model_spec& b) {
    return a.id == b.id;
  };
  models_.erase(std::unique(models_.begin(), models_.end(), is_same),
                models_.end());
}

const catalogue& catalogue::built_in() {
  static const catalogue models = read_built_in();
  return models;
}

const model_spec* catalogue::find(std::string_view id) const noexcept {
  const auto at = std::lower_bound(
      models_.begin(), models_.end(), id,
      [](const model_spec& model, std::string_view x) { return model.id < x; });
  return at != models_.end() && at->id == id ? &*at : nullptr;
}

std::string catalogue::suggestion_for(std::string_view id) const {
  std::vector<std::string> ids;
  for (const auto& model : models_) {
    if (model.wire_name == id)
      return " (did you mean '" + model.id + "'?)";
    ids.push_back(model.id);
  }
  return protocol::did_you_mean(id, ids);
}

catalogue catalogue::extended(std::span<const model_spec> more) const {
  auto models = models_;
  models.insert(models.end(), more.begin(), more.end());
  return catalogue{std::move(models)};
}

loaded_catalogue load_catalogue(const std::filesystem::path& file,
                                const catalogue& base) {
  yaml::problems found{file.string()};
  std::vector<model_spec> more;
  if (const auto root = yaml::load(file, found))
    more = models::read_models(*root, found);
  if (!found.empty())
    return {base, found.take()};
  return {base.extended(more), {}};
}

loaded_catalogue load_catalogue(const std::vector<std::string>& files) {
  loaded_catalogue all{catalogue::built_in(), {}};
  for (const auto& file : files) {
    all = load_catalogue(std::filesystem::path{file}, all.models);
    if (!all.problems.empty())
      break;
  }
  return all;
}

} // namespace troupe
