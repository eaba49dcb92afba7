#pragma once

#include "troupe/actors/router_rules.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace troupe::actors {

/// What limits a call's cost at every model.
struct call_size {
  std::uint64_t prompt_max = 0; ///< Tokens that its prompt has at most.
  std::uint32_t output_max = 0; ///< The cap.
};

/// The most that a call of that size can cost at `model`: the prompt as plain
/// input or as a cache write, whichever is dearer, and the whole output.
[[nodiscard]] protocol::money worst_case(const protocol::model_spec& model,
                                         const call_size& size);

/// The largest cap up to that of `size` with which neither the money nor the
/// tokens can be passed; null: none.
[[nodiscard]] std::optional<std::uint32_t>
affordable_cap(const protocol::model_spec& model, const call_size& size,
               protocol::money amount, std::uint64_t tokens);

/// The longest prompt up to that of `size` with which `left` suffices; 0: none.
[[nodiscard]] std::uint64_t affordable_prompt(const protocol::model_spec& model,
                                              const call_size& size,
                                              protocol::money left);

[[nodiscard]] inline bool
allows_step(const std::vector<protocol::shortage_step>& steps,
            protocol::shortage_step it) noexcept {
  return std::find(steps.begin(), steps.end(), it) != steps.end();
}

/// Models below the tier of `need` that a call of that size can go to for at
/// most `left`: the highest tier first, then the cheapest.
[[nodiscard]] std::vector<std::size_t>
cheaper_models(const std::vector<protocol::model_spec>& models,
               const model_need& need, const call_size& size,
               protocol::money left);

/// What could be done with `left` where a call at `model` costs more, for
/// people: a shorter answer, another model. Empty: nothing.
[[nodiscard]] std::string
alternatives(const std::vector<protocol::model_spec>& models, std::size_t model,
             const model_need& need, const call_size& size,
             protocol::money left);

} // namespace troupe::actors
