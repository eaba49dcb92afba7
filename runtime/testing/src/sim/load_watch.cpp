#include "load_watch.hpp"

namespace troupe::testing::sim {

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t goodput_permille = 800;
/// Who came so much earlier and is more urgent goes first.
constexpr protocol::duration ahead = 100ms;
/// Where few come, each is done within this.
constexpr protocol::duration soon = 2s;

} // namespace

std::optional<std::string> load_watch::see(const fact& it) {
  switch (it.what) {
  case fact_kind::life_began:
    phase_ = phase::none;
    open_.clear();
    return std::nullopt;
  case fact_kind::load:
    return begin(it);
  case fact_kind::run_asked:
    if (it.name == "load" && phase_ != phase::none)
      open_[it.run] = {it.other, it.at, phase_};
    return std::nullopt;
  case fact_kind::run_refused:
    return see_refused(it);
  case fact_kind::model_asked:
    return see_served(it);
  case fact_kind::run_ended:
    return see_end(it);
  default:
    return std::nullopt;
  }
}

std::optional<std::string> load_watch::begin(const fact& it) {
  if (it.name == "crowd") {
    phase_ = phase::crowd;
    able_ = it.number;
    served_ = 0;
    return std::nullopt;
  }
  if (it.name == "over") {
    phase_ = phase::over;
    if (served_ * 1'000 < able_ * goodput_permille)
      return "only " + std::to_string(served_) + " of " + std::to_string(able_)
             + " calls were made that could be (M3)";
    return std::nullopt;
  }
  if (it.name == "few") {
    phase_ = phase::few;
    if (!open_.empty())
      return std::to_string(open_.size())
             + " runs are still open behind the crowd (M3)";
    return std::nullopt;
  }
  phase_ = phase::none;
  const auto left = open_.size();
  open_.clear();
  if (left > 0)
    return std::to_string(left) + " runs of few have not ended (M3)";
  return std::nullopt;
}

/// It says that there is no place, and when to come again.
std::optional<std::string> load_watch::see_refused(const fact& it) const {
  const bool is_full = it.text.starts_with("overloaded");
  if (is_full && it.number <= 0)
    return "a run was refused without a time to come again (M3)";
  if (phase_ == phase::none)
    return std::nullopt;
  if (!is_full)
    return "a run was refused for another reason than the crowd (M3)";
  if (phase_ == phase::few)
    return "a run was refused though few came (M3)";
  return std::nullopt;
}

std::optional<std::string> load_watch::see_served(const fact& it) {
  const auto found = open_.find(it.run);
  if (found == open_.end())
    return std::nullopt;
  auto& mine = found->second;
  mine.is_served = true;
  served_ += phase_ == phase::crowd ? 1 : 0;
  for (const auto& [id, other] : open_)
    if (!other.is_served && other.urgency > mine.urgency
        && it.at - other.asked > ahead)
      return "a call went ahead of a more urgent one (M3)";
  return std::nullopt;
}

std::optional<std::string> load_watch::see_end(const fact& it) {
  const auto found = open_.find(it.run);
  if (found == open_.end())
    return std::nullopt;
  const auto mine = found->second;
  open_.erase(found);
  if (it.text != "done")
    return "a run was admitted among many and is not done (M3)";
  if (mine.during == phase::few && it.at - mine.asked > soon)
    return "a run of few took long (M3)";
  return std::nullopt;
}

} // namespace troupe::testing::sim
