// The part of the engine that learns which models are good.
#include "engine/ask_actor.hpp"
#include "engine/engine.hpp"
#include "learning/choice_writer.hpp"

#include <caf/all.hpp>

#include <chrono>

namespace troupe {

using protocol::result;

namespace {

/// Judged choices that are learned again at a start.
constexpr std::size_t learned_again_max = 10'000;

protocol::instant wall_time() {
  return std::chrono::time_point_cast<protocol::duration>(
      std::chrono::system_clock::now());
}

} // namespace

result<void> engine::open_learning() {
  const auto& from = config_.routing.learning;
  if (!from.enabled)
    return {};
  actors::learned_policy_config to;
  to.models = routable_;
  to.spend_per_call = from.spend_per_call;
  to.seed = config_.seed;
  if (!from.file.empty()) {
    auto file = choice_file::open(from.file, true);
    if (!file)
      return file.error();
    auto known = (*file)->newest(learned_again_max, true);
    if (!known)
      return known.error();
    for (auto& it : *known)
      to.history.push_back(std::move(it.what));
    to.log = std::make_shared<choice_writer>(std::move(*file), wall_time);
  }
  policy_ = actors::make_learned_policy(std::move(to));
  return {};
}

result<protocol::answer_judged>
engine::judge(const protocol::judge_answer& what) {
  return ask_actor<protocol::answer_judged>(
      system_, roles_.get(&roles::cascade), "the router is gone",
      protocol::request<protocol::judge_answer>{new_header(), what});
}

} // namespace troupe
