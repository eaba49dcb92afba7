#pragma once

#include "support/runtime/fake_upstream.hpp"
#include "troupe/runtime/config.hpp"
#include "troupe/runtime/mission_run.hpp"

#include <troupe/protocol/mission.hpp>

#include <functional>
#include <string>
#include <vector>

/// Whole missions against providers on loopback.
namespace troupe::test {

inline constexpr auto openai_model = "openai/gpt-4.1-mini";

/// `upstream` as the provider `name`, in the form of OpenAI's API. Its timeouts
/// are longer than any test; its key is in a variable named after it.
[[nodiscard]] provider_config provider_at(const fake_upstream& upstream,
                                          const std::string& name = "openai");

/// The key of the provider `name`; put into the environment by `provider_at`.
[[nodiscard]] std::string canary_of(const std::string& name = "openai");

/// Nothing but these providers, and no log.
[[nodiscard]] runtime_config
config_with(std::vector<provider_config> providers);

/// One task, `say`, of one agent, `writer`, pinned to `model`, if any; tried
/// once.
[[nodiscard]] protocol::mission
mission_for(const std::string& model = openai_model);

/// Events of a stream in OpenAI's form: a piece of text, and the end with what
/// it used.
[[nodiscard]] std::string openai_piece(const std::string& text);
[[nodiscard]] std::string openai_end(int prompt, int completion);
/// `Hello there`, with a usage of 20 and 3 tokens.
[[nodiscard]] std::string openai_stream();

/// Takes events of `run` until one is of this kind; waits at most twenty
/// seconds for each. False: the run has ended without one.
[[nodiscard]] bool comes_to(mission_run& run, protocol::event_kind kind);

/// Asks `claim` again and again until it holds, at most twenty seconds.
[[nodiscard]] bool eventually(const std::function<bool()>& claim);

} // namespace troupe::test
