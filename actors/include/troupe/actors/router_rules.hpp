#pragma once

#include <troupe/protocol/catalogue.hpp>
#include <troupe/protocol/result.hpp>
#include <troupe/protocol/token_counter.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace troupe::actors {

/// What a call asks of a model.
struct model_need {
  protocol::tier level = protocol::tier::basic; ///< The least that will do.
  std::string pinned;                           ///< Catalogue id; empty: any.
  std::uint64_t prompt_tokens = 0;              ///< As estimated.
  std::uint32_t output_tokens = 0;              ///< The cap.
  bool uses_tools = false;
  std::vector<std::string> skills{};  ///< It must have all.
  std::vector<std::string> regions{}; ///< It must run in one; none: anywhere.
  std::optional<protocol::price_limit> price_max{}; ///< Null: any price.
};

/// Indices of the models that meet `need`, cheapest first for its tokens; then
/// the faster, then by id. A pinned model is the only candidate; its tier is
/// not asked for, all else is.
/// Errors: `no_model_fits` says which constraint no model met, and names the
/// nearest model.
[[nodiscard]] protocol::result<std::vector<std::size_t>>
choose_models(const std::vector<protocol::model_spec>& models,
              const model_need& need);

/// Takes over which models the terms allow.
void add_terms(model_need& need, const protocol::model_terms& terms);

/// The need of a call: counts its prompt with `counter`.
[[nodiscard]] model_need need_of(const protocol::model_call& call,
                                 const protocol::token_counter& counter);

/// The most that `call` can cost at `model`: every byte of the prompt a token
/// at the dearest input price, and the whole output cap.
[[nodiscard]] protocol::money
worst_case(const protocol::model_spec& model, const protocol::model_call& call,
           const protocol::token_counter& counter);

/// The cap that is sent: the call's own, within the model's limit and window.
[[nodiscard]] std::uint32_t output_cap(const protocol::model_spec& model,
                                       const model_need& need);

/// True when another model may succeed where one failed with `code`.
[[nodiscard]] bool may_fall_back(protocol::errc code) noexcept;

/// Fills in what a provider left out of the usage of `reply`.
void complete_usage(protocol::model_reply& reply,
                    const protocol::model_call& call,
                    const protocol::token_counter& counter);

} // namespace troupe::actors
