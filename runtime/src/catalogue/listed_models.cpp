#include "catalogue/listed_models.hpp"

#include "providers/json_access.hpp"

#include <troupe/protocol/json.hpp>

#include <boost/json/array.hpp>

#include <algorithm>
#include <set>

namespace troupe::models {

namespace json = boost::json;
using protocol::errc;
using protocol::fail;
using protocol::model_spec;
using protocol::money;
using protocol::price_band;
using protocol::result;
using protocol::tier;
using providers::array_in;
using providers::count_in;
using providers::object_in;
using providers::text_in;

namespace {

constexpr std::size_t id_length_max = 128;
constexpr std::uint64_t tokens_max = 100'000'000;
constexpr std::uint32_t cautious_output = 8'192; ///< Where nothing is stated.
constexpr std::size_t overrides_max = 15;

bool is_model_name(std::string_view name) {
  constexpr std::string_view marks = "-_.:/@";
  return !name.empty() && name.size() <= id_length_max
         && std::all_of(name.begin(), name.end(), [&](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9')
                     || marks.find(c) != std::string_view::npos;
            });
}

bool lists(const json::object* from, std::string_view key,
           std::string_view word) {
  const auto* all = from ? array_in(*from, key) : nullptr;
  return all && std::any_of(all->begin(), all->end(), [&](const auto& it) {
           const auto* text = it.if_string();
           return text && std::string_view{text->data(), text->size()} == word;
         });
}

/// Replaces a price by the one under `key`, if there is one; false when that is
/// not known.
bool read_price(const json::object& from, std::string_view key, money& out) {
  const auto* found = from.if_contains(key);
  if (found == nullptr || found->is_null())
    return true;
  const auto price = price_of_million(text_in(from, key));
  if (price)
    out = *price;
  return price.has_value();
}

bool read_cache_prices(const json::object& from, price_band& band) {
  if (!read_price(from, "input_cache_read", band.cache_read)
      || !read_price(from, "input_cache_write", band.cache_write))
    return false;
  band.cache_write_1h = std::max(band.cache_write_1h, band.cache_write);
  return true;
}

/// Prices that a call's tokens do not tell.
bool has_other_prices(const json::object& from, const price_band& band) {
  money request;
  money reasoning = band.output;
  return !read_price(from, "request", request) || request != money{}
         || !read_price(from, "internal_reasoning", reasoning)
         || (reasoning != band.output && reasoning != money{});
}

std::optional<price_band> base_band(const json::object& pricing) {
  price_band band;
  const auto input = price_of_million(text_in(pricing, "prompt"));
  const auto output = price_of_million(text_in(pricing, "completion"));
  if (!input || !output)
    return {};
  band.input = *input;
  band.output = *output;
  band.cache_read = band.cache_write = band.cache_write_1h = *input;
  if (!read_cache_prices(pricing, band) || has_other_prices(pricing, band))
    return {};
  return band;
}

/// The prices above a number of tokens: what the overrides up to there say, of
/// several the last.
std::optional<price_band> band_above(std::uint64_t tokens,
                                     const price_band& base,
                                     const json::array& overrides) {
  auto band = base;
  band.prompt_above = tokens;
  for (const auto& it : overrides) {
    const auto& one = it.get_object();
    if (*count_in(one, "min_prompt_tokens") > tokens)
      continue;
    if (!read_price(one, "prompt", band.input)
        || !read_price(one, "completion", band.output)
        || !read_cache_prices(one, band) || has_other_prices(one, band))
      return {};
  }
  // Without prices of its own, a cache costs what the tokens cost.
  band.cache_read =
      base.cache_read == base.input ? band.input : band.cache_read;
  band.cache_write =
      base.cache_write == base.input ? band.input : band.cache_write;
  band.cache_write_1h = std::max(band.cache_write_1h, band.cache_write);
  return band;
}

/// Empty: not known.
std::vector<price_band> read_prices(const json::object& pricing,
                                    std::uint32_t context) {
  const auto base = base_band(pricing);
  if (!base)
    return {};
  std::vector<price_band> bands{*base};
  const auto* more = pricing.if_contains("overrides");
  if (more == nullptr || more->is_null())
    return bands;
  const auto* overrides = more->if_array();
  if (overrides == nullptr || overrides->size() > overrides_max)
    return {};
  std::vector<std::uint64_t> limits;
  for (const auto& it : *overrides) {
    const auto* one = it.if_object();
    const auto above = one ? count_in(*one, "min_prompt_tokens") : std::nullopt;
    if (!above || *above == 0 || one->contains("utc_start"))
      return {};
    limits.push_back(*above);
  }
  std::sort(limits.begin(), limits.end());
  limits.erase(std::unique(limits.begin(), limits.end()), limits.end());
  for (const auto limit : limits) {
    const auto band = band_above(limit, *base, *overrides);
    if (!band)
      return {};
    if (limit < context) // else they never hold
      bands.push_back(*band);
  }
  return bands;
}

/// True when a model will be gone, or is. Days are RFC 3339's.
bool has_expired(const json::object& item, protocol::instant now) {
  const auto day = text_in(item, "expiration_date");
  return !day.empty()
         && day.substr(0, 10) <= protocol::to_text(now).substr(0, 10);
}

tier tier_of(const model_spec& model) {
  constexpr std::int64_t dollar = 1'000'000'000;
  const auto output = model.prices.front().output.nano_usd;
  if (output < 2 * dollar)
    return tier::basic;
  return output < 10 * dollar ? tier::advanced : tier::expert;
}

void read_sizes(const json::object& item, model_spec& model) {
  const auto* top = object_in(item, "top_provider");
  const auto said =
      top ? count_in(*top, "max_completion_tokens").value_or(0) : 0;
  model.output_tokens = static_cast<std::uint32_t>(std::min<std::uint64_t>(
      said == 0 ? cautious_output : said, model.context_tokens));
}

void complete(model_spec& model, const json::object& item,
              const catalogue& known) {
  const auto* parts = object_in(item, "architecture");
  if (lists(&item, "supported_parameters", "tools"))
    model.skills.emplace_back("tools");
  if (lists(parts, "input_modalities", "image"))
    model.skills.emplace_back("vision");
  if (lists(parts, "input_modalities", "audio"))
    model.skills.emplace_back("audio");
  if (lists(&item, "supported_parameters", "reasoning"))
    model.skills.emplace_back("reasoning");
  const auto* same = known.find(model.id);
  model.level = same ? same->level : tier_of(model);
  model.pace = same ? same->pace : protocol::speed::medium;
  model.pinned_only = same ? same->pinned_only : true;
  if (same != nullptr)
    model.regions = same->regions;
}

class list_reader {
public:
  list_reader(const std::string& provider, const catalogue& known,
              protocol::instant now)
      : provider_(provider), known_(known), now_(now) {}

  void add(const json::value& value) {
    const auto* item = value.if_object();
    model_spec model;
    if (item == nullptr || !read_names(*item, model)) {
      ++out.unreadable;
      return;
    }
    const auto* parts = object_in(*item, "architecture");
    if (has_expired(*item, now_)
        || (parts && array_in(*parts, "output_modalities")
            && !lists(parts, "output_modalities", "text"))) {
      ++out.other;
      return;
    }
    if (const auto* pricing = object_in(*item, "pricing"))
      model.prices = read_prices(*pricing, model.context_tokens);
    if (model.prices.empty()) {
      ++out.unpriced;
      return;
    }
    read_sizes(*item, model);
    complete(model, *item, known_);
    if (ids_.insert(model.id).second)
      out.models.push_back(std::move(model));
    else
      ++out.unreadable;
  }

  listed_models out;

private:
  bool read_names(const json::object& item, model_spec& model) const {
    const auto context = count_in(item, "context_length").value_or(0);
    model.wire_name = text_in(item, "id");
    model.id = provider_ + '/' + model.wire_name;
    model.provider = provider_;
    if (!is_model_name(model.wire_name) || !is_model_name(model.id)
        || context == 0 || context > tokens_max)
      return false;
    model.context_tokens = static_cast<std::uint32_t>(context);
    return true;
  }

  const std::string& provider_;
  const catalogue& known_;
  protocol::instant now_;
  std::set<std::string> ids_;
};

} // namespace

result<listed_models> read_listed_models(std::string_view body,
                                         const std::string& provider,
                                         const catalogue& known,
                                         protocol::instant now) {
  const auto parsed = protocol::parse_json(body);
  if (!parsed && parsed.error().code == errc::limit_exceeded)
    return parsed.error();
  const auto* top = parsed ? parsed->if_object() : nullptr;
  const auto* data = top ? array_in(*top, "data") : nullptr;
  if (data == nullptr)
    return fail(errc::provider_malformed, "this is no list of models");
  list_reader reader{provider, known, now};
  for (const auto& item : *data)
    reader.add(item);
  auto& out = reader.out;
  if (out.models.empty() || out.unreadable > out.models.size())
    return fail(errc::provider_malformed,
                "of " + std::to_string(data->size()) + " models "
                    + std::to_string(out.models.size()) + " can be used, and "
                    + std::to_string(out.unreadable) + " cannot be read");
  return std::move(out);
}

} // namespace troupe::models
