#include "shortage_rules.hpp"

#include <algorithm>
#include <tuple>

namespace troupe::actors {

using protocol::model_spec;
using protocol::money;

namespace {

/// Shorter answers are not worth naming.
constexpr std::uint32_t least_output = 64;

call_size at_model(const model_spec& model, const model_need& need,
                   const call_size& size) {
  return {size.prompt_max, std::min(size.output_max, output_cap(model, need))};
}

} // namespace

money worst_case(const model_spec& model, const call_size& size) {
  // The prompt may be billed as plain input or as a cache write, whichever the
  // provider likes; the prompt's size may also lift it into a dearer band.
  protocol::usage as_input;
  as_input.input = size.prompt_max;
  as_input.output = size.output_max;
  auto as_write = as_input;
  std::swap(as_write.input, as_write.cache_write);
  auto as_long_write = as_input;
  std::swap(as_long_write.input, as_long_write.cache_write_1h);
  return std::max({cost_of(model, as_input), cost_of(model, as_write),
                   cost_of(model, as_long_write)});
}

std::optional<std::uint32_t> affordable_cap(const model_spec& model,
                                            const call_size& size, money amount,
                                            std::uint64_t tokens) {
  if (tokens <= size.prompt_max)
    return std::nullopt;
  const auto fits = [&](std::uint32_t cap) {
    return worst_case(model, {size.prompt_max, cap}) <= amount;
  };
  std::uint32_t low = 0;
  auto high = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(size.output_max, tokens - size.prompt_max));
  if (fits(high))
    return high == 0 ? std::nullopt : std::optional{high};
  while (low < high) {
    const auto middle = low + (high - low + 1) / 2;
    if (fits(middle))
      low = middle;
    else
      high = middle - 1;
  }
  return low == 0 ? std::nullopt : std::optional{low};
}

std::uint64_t affordable_prompt(const model_spec& model, const call_size& size,
                                money left) {
  std::uint64_t fits = 0;
  auto too_long = size.prompt_max + 1;
  while (fits + 1 < too_long) {
    const auto middle = fits + (too_long - fits) / 2;
    (worst_case(model, {middle, size.output_max}) <= left ? fits : too_long) =
        middle;
  }
  return fits;
}

std::vector<std::size_t> cheaper_models(const std::vector<model_spec>& models,
                                        const model_need& need,
                                        const call_size& size, money left) {
  auto lower = need;
  lower.level = protocol::tier::basic;
  lower.pinned.clear();
  auto fitting = choose_models(models, lower);
  if (!fitting)
    return {};
  std::erase_if(*fitting, [&](auto i) {
    return models[i].level >= need.level
           || worst_case(models[i], at_model(models[i], need, size)) > left;
  });
  std::stable_sort(fitting->begin(), fitting->end(), [&](auto a, auto b) {
    return models[a].level > models[b].level;
  });
  return *fitting;
}

std::string alternatives(const std::vector<model_spec>& models,
                         std::size_t model, const model_need& need,
                         const call_size& size, money left) {
  std::string text;
  const auto& asked = models[model];
  const auto cap =
      affordable_cap(asked, at_model(asked, need, size), left, UINT64_MAX);
  if (cap && *cap >= std::min(least_output, size.output_max))
    text =
        "at most " + std::to_string(*cap) + " tokens of output of " + asked.id;
  auto any = need;
  any.level = static_cast<protocol::tier>(static_cast<int>(need.level) + 1);
  const auto others = cheaper_models(models, any, size, left);
  const auto other = std::find_if(others.begin(), others.end(),
                                  [&](auto i) { return i != model; });
  if (other != others.end()) {
    const auto& it = models[*other];
    text += (text.empty() ? "" : ", or for ") + it.id + " (tier "
            + std::string(enum_name(it.level)) + "), which may cost "
            + to_text(worst_case(it, at_model(it, need, size)));
  }
  return text.empty() ? text : "; it suffices for " + text;
}

} // namespace troupe::actors
