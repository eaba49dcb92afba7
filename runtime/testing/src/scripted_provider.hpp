#pragma once

#include "troupe/testing/model_script.hpp"
#include "troupe/testing/network.hpp"

#include <troupe/actors/clock.hpp>
#include <troupe/actors/provider.hpp>

#include <functional>
#include <memory>

namespace troupe::testing {

/// Decides what a model does with a call.
using model_mind = std::function<model_act(
    const protocol::request<protocol::model_call>& asked)>;

/// A provider whose models do what `mind` says; it asks it when a call comes.
/// `between`: calls and answers travel over this network, from `here` to
/// `there` and back; null: the models are at hand.
[[nodiscard]] actors::provider_actor
spawn_scripted_provider(caf::actor_system& system,
                        const actors::wall_clock& clock, model_mind mind,
                        std::shared_ptr<network> between = nullptr);

/// All that a model is given to read, in one text.
[[nodiscard]] std::string prompt_of(const protocol::model_call& call);

/// The parts of an account's path, from its end: 0 is the agent, 1 the task.
[[nodiscard]] std::string part_of_account(const std::string& path,
                                          std::size_t from_end);

} // namespace troupe::testing
