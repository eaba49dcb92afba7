#include "catalogue/model_reader.hpp"

#include "yaml/mapping.hpp"

#include <algorithm>
#include <unordered_map>

namespace troupe::models {

namespace {

using protocol::model_spec;
using protocol::price_band;

constexpr std::size_t id_length_max = 128;
constexpr std::size_t bands_max = 16;
constexpr std::uint32_t tokens_max = 100'000'000;
constexpr protocol::money price_max{1'000'000'000'000'000}; // a million USD

/// Letters, digits and `-_.:/@`, as providers name models.
bool is_model_name(std::string_view name) {
  constexpr std::string_view marks = "-_.:/@";
  const auto fits = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
  };
  return !name.empty() && name.size() <= id_length_max
         && std::all_of(name.begin(), name.end(), fits);
}

const yaml::node& place_of(const yaml::mapping& fields, std::string_view key) {
  const auto* at = fields.at().find(key);
  return at != nullptr ? *at : fields.at();
}

void read_name(yaml::mapping& fields, std::string_view key, std::string& out) {
  fields.text(key, out);
  const auto* at = fields.at().find(key);
  if (at != nullptr && at->kind == yaml::node_kind::scalar
      && !is_model_name(out))
    fields.found().add(*at, "'" + std::string{key}
                                + "' must be 1 to 128 letters, digits or "
                                  "'-_.:/@', not "
                                + yaml::in_quotes(out));
}

void read_price(yaml::mapping& fields, std::string_view key,
                protocol::money& out) {
  fields.money(key, out);
  if (out > price_max)
    fields.found().add(place_of(fields, key),
                       "'" + std::string{key}
                           + "' is above a million dollars per million tokens");
}

/// A cache price that is absent is what the tokens cost without a cache.
price_band read_band(const yaml::node& at, yaml::problems& found) {
  price_band band;
  yaml::mapping fields{at, found};
  fields.integer("prompt_above", band.prompt_above, std::uint64_t{0},
                 std::uint64_t{tokens_max});
  fields.require("input");
  read_price(fields, "input", band.input);
  fields.require("output");
  read_price(fields, "output", band.output);
  band.cache_read = band.input;
  read_price(fields, "cache_read", band.cache_read);
  band.cache_write = band.input;
  read_price(fields, "cache_write", band.cache_write);
  band.cache_write_1h = band.cache_write;
  read_price(fields, "cache_write_1h", band.cache_write_1h);
  fields.finish();
  return band;
}

void check_band(const yaml::node& at, const model_spec& model,
                yaml::problems& found) {
  const auto above = model.prices.back().prompt_above;
  if (model.prices.size() == 1) {
    if (above != 0)
      found.add(at, "the first prices must hold from 0 tokens: leave out "
                    "'prompt_above'");
    return;
  }
  const auto before = model.prices[model.prices.size() - 2].prompt_above;
  if (above <= before)
    found.add(at, "'prompt_above' must be above " + std::to_string(before)
                      + ", that of the prices before");
  else if (above >= model.context_tokens)
    found.add(at, "these prices never hold: 'prompt_above' is not below "
                  "'context_tokens'");
}

void read_prices(yaml::mapping& fields, model_spec& model) {
  fields.require("prices");
  auto& found = fields.found();
  const auto* at = fields.any("prices");
  if (at == nullptr)
    return;
  if (at->kind == yaml::node_kind::mapping) {
    model.prices.push_back(read_band(*at, found));
    return check_band(*at, model, found);
  }
  if (at->kind != yaml::node_kind::sequence || at->items.empty()
      || at->items.size() > bands_max)
    return found.add(*at, "'prices' must be fields, or a list of 1 to 16 "
                          "such");
  for (const auto& item : at->items) {
    model.prices.push_back(read_band(item, found));
    check_band(item, model, found);
  }
}

void read_names(yaml::mapping& fields, model_spec& model) {
  fields.require("id");
  read_name(fields, "id", model.id);
  fields.require("provider");
  read_name(fields, "provider", model.provider);
  const auto prefix = model.provider + '/';
  if (model.id.starts_with(prefix))
    model.wire_name = model.id.substr(prefix.size());
  read_name(fields, "wire_name", model.wire_name);
  if (model.wire_name.empty() && !model.id.empty() && !model.provider.empty()
      && !fields.has("wire_name"))
    fields.found().add(fields.at(),
                       "'wire_name' is missing: only an id that starts with "
                           + yaml::in_quotes(prefix) + " tells it");
}

model_spec read_model(const yaml::node& at, yaml::problems& found) {
  model_spec model;
  yaml::mapping fields{at, found};
  read_names(fields, model);
  fields.require("tier");
  fields.choice("tier", model.level);
  fields.choice("speed", model.pace);
  fields.texts("skills", model.skills);
  fields.texts("regions", model.regions);
  fields.require("context_tokens");
  fields.integer("context_tokens", model.context_tokens, 1U, tokens_max);
  fields.require("output_tokens");
  fields.integer("output_tokens", model.output_tokens, 1U, tokens_max);
  if (fields.has("context_tokens") && fields.has("output_tokens")
      && model.output_tokens > model.context_tokens)
    found.add(place_of(fields, "output_tokens"),
              "'output_tokens' is above 'context_tokens'");
  read_prices(fields, model);
  fields.boolean("pinned_only", model.pinned_only);
  fields.finish();
  return model;
}

} // namespace

std::vector<model_spec> read_models(const yaml::node& root,
                                    yaml::problems& found) {
  std::vector<model_spec> models;
  yaml::mapping top{root, found};
  top.require("models");
  const auto* list = top.list("models");
  top.finish();
  if (list == nullptr)
    return models;
  std::unordered_map<std::string, std::uint32_t> first_lines;
  for (const auto& item : list->items) {
    const auto problems_before = found.list().size();
    auto model = read_model(item, found);
    if (!model.id.empty()) {
      const auto [entry, is_new] = first_lines.emplace(model.id, item.line);
      if (!is_new)
        found.add(item, "a second model with id " + yaml::in_quotes(model.id)
                            + "; the first is in line "
                            + std::to_string(entry->second));
    }
    if (found.list().size() == problems_before)
      models.push_back(std::move(model));
  }
  return models;
}

} // namespace troupe::models
