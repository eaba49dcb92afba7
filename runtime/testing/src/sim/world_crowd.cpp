// The part of the world in which clients want more than can be done.
#include "engine/engine.hpp"
#include "workload.hpp"
#include "world.hpp"

#include <algorithm>

namespace troupe::testing::sim {

using namespace std::chrono_literals;

namespace {

constexpr protocol::duration crowd_time = 3s;
constexpr protocol::duration tick = 50ms;
constexpr std::size_t times = 10;
/// Behind the crowd all is as it was within this.
constexpr protocol::duration recovery = 5s;

/// Calls that can be made in that time, but for those of its beginning.
constexpr std::int64_t able_in(protocol::duration time) {
  return places * ((time - load_time) / load_time);
}

} // namespace

/// M1, M3. In the midst of whatever goes wrong, or where nothing does: then
/// what can be done is known, and must be done.
void world::overload(dice& random) {
  constexpr auto many =
      static_cast<std::size_t>(times * places * (crowd_time / load_time));
  if (random.coin())
    return offer(many, crowd_time, random);
  calm_all();
  end_life(0);
  go_on_anew(); // nothing rests and no limit is reduced
  if (!runtime_ || !wait_for_runs())
    return;
  note({fact_kind::load, 0, {}, {}, "crowd", {}, able_in(crowd_time)});
  offer(many, crowd_time, random);
  note({fact_kind::load, 0, {}, {}, "over"});
  offer(0, recovery, random);
  note({fact_kind::load, 0, {}, {}, "few"});
  offer(std::size_t{2} * places, 2s, random); // half of what can be done
  offer(0, recovery, random);
  note({fact_kind::load, 0, {}, {}, "none"});
}

/// So many runs, evenly over that time.
void world::offer(std::size_t count, protocol::duration time, dice& random) {
  const auto ticks = static_cast<std::size_t>(time / tick);
  std::size_t offered = 0;
  for (std::size_t i = 1; i <= ticks && runtime_; ++i) {
    for (; offered < count * i / ticks; ++offered)
      start_load(random);
    advance(tick);
    collect();
  }
}

void world::start_load(dice& random) {
  const auto urgency = static_cast<protocol::priority>(random.below(4));
  auto started = runtime_->start(load_mission(urgency));
  if (!started)
    return note_refused(started.error());
  fact asked{fact_kind::run_asked, 0, {}, started->id(), "load"};
  asked.number = protocol::money::max().nano_usd;
  asked.other = static_cast<std::int64_t>(urgency);
  note(std::move(asked));
  runs_[started->id()].handle.emplace(std::move(*started));
  const auto open = std::count_if(runs_.begin(), runs_.end(), [](auto& it) {
    return it.second.handle && !it.second.handle->is_finished();
  });
  if (open > runs_max)
    note({fact_kind::broken,
          0,
          {},
          {},
          "runs",
          std::to_string(open) + " are open at one time (M1)"});
}

} // namespace troupe::testing::sim
